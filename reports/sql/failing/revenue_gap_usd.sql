-- One row per customer whose revenue in the profile is not that of the paid orders.
-- Grain: (customer_id).
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
  )
select customer_id, profile.total_revenue_usd, coalesce(sold.usd, 0) as orders_usd
from gold.customer_360 as profile
left join sold using (customer_id)
where profile.total_revenue_usd <> coalesce(sold.usd, 0)
order by abs(profile.total_revenue_usd - coalesce(sold.usd, 0)) desc, customer_id
