-- One row per segment whose summary differs from its profiles.
-- Grain: (segment).
with
  counted as (
    select segment, count(*) as customers
    from gold.customer_360
    group by segment
  )
select
  coalesce(summary.segment, counted.segment) as segment,
  summary.customers as in_summary,
  counted.customers as in_profiles
from gold.segment_summary as summary
full join counted on counted.segment = summary.segment
where coalesce(summary.customers, 0) <> coalesce(counted.customers, 0)
order by segment
