-- One row per metric: money and customers that were lost or counted twice on the way to the marts.
-- Differences are summed without their sign, so that two mistakes cannot cancel each other.
-- Grain: (metric).
with
  build as (
    select coalesce(max(as_of), $as_of) as as_of
    from gold.customer_360
  ),
  sold as (
    select orders.customer_id, sum(coalesce(orders.amount_usd, paid.revenue_usd, 0)) as usd
    from silver.orders
    join build on orders.event_time <= build.as_of
    left join silver.paid_order as paid
      on paid.source = orders.source
      and paid.record_id = orders.record_id
    where lower(trim(orders.status)) = 'paid'
      and coalesce(nullif(lower(trim(orders.type)), ''), 'purchase') in ('purchase', 'exchange')
      and orders.customer_id is not null
    group by orders.customer_id
  ),
  profile_gap as (
    select profile.customer_id, abs(profile.total_revenue_usd - coalesce(sold.usd, 0)) as gap
    from gold.customer_360 as profile
    left join sold using (customer_id)
  ),
  counted as (
    select
      segment,
      count(*) as customers,
      sum(total_revenue_usd) as total_revenue_usd,
      sum(net_revenue_usd) as net_revenue_usd
    from gold.customer_360
    group by segment
  ),
  segment_gap as (
    select
      coalesce(summary.segment, counted.segment) as segment,
      abs(coalesce(summary.customers, 0) - coalesce(counted.customers, 0)) as customers,
      abs(coalesce(summary.total_revenue_usd, 0) - coalesce(counted.total_revenue_usd, 0))
        + abs(coalesce(summary.net_revenue_usd, 0) - coalesce(counted.net_revenue_usd, 0)) as usd
    from gold.segment_summary as summary
    full join counted on counted.segment = summary.segment
  ),
  offender as (
    select 'revenue_gap_usd' as metric, customer_id as name, gap from profile_gap where gap > 0
    union all
    select 'segment_customer_gap_count', segment, customers from segment_gap where customers > 0
    union all
    select 'segment_revenue_gap_usd', segment, usd from segment_gap where usd > 0
  ),
  ranked as (
    select metric, name, gap, row_number() over (partition by metric order by gap desc, name) as rank
    from offender
  ),
  metric as (
    select unnest(['revenue_gap_usd', 'segment_customer_gap_count', 'segment_revenue_gap_usd']) as metric
  )
select
  metric,
  coalesce(sum(gap), 0) as value,
  count(name) as offenders,
  string_agg(name, ', ' order by rank) filter (where rank <= $shown) as named
from metric
left join ranked using (metric)
group by metric
