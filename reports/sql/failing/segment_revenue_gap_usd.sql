-- One row per segment whose summary differs from its profiles.
-- Grain: (segment).
with
  counted as (
    select segment, sum(total_revenue_usd) as total_revenue_usd, sum(net_revenue_usd) as net_revenue_usd
    from gold.customer_360
    group by segment
  )
select
  coalesce(summary.segment, counted.segment) as segment,
  summary.total_revenue_usd as gross_in_summary,
  counted.total_revenue_usd as gross_in_profiles,
  summary.net_revenue_usd as net_in_summary,
  counted.net_revenue_usd as net_in_profiles
from gold.segment_summary as summary
full join counted on counted.segment = summary.segment
where coalesce(summary.total_revenue_usd, 0) <> coalesce(counted.total_revenue_usd, 0)
  or coalesce(summary.net_revenue_usd, 0) <> coalesce(counted.net_revenue_usd, 0)
order by segment
