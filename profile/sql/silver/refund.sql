-- One row per paid transaction of type return or refund: money given back, never spend.
-- Some sources write it as a negative amount, some as a positive one; here it is positive. One without
-- an amount gives back the sum of its items.
-- Grain: (source, record_id).
with
  refunded as (
    select source, record_id, customer_id, event_time, amount_usd
    from silver.orders
    where lower(trim(status)) = 'paid'
      and lower(trim(type)) in ('return', 'refund')
  ),
  first_of_key as (
    select record_id, min(source) as source
    from silver.orders
    group by record_id
  ),
  item_total as (
    select order_id as record_id, sum(amount_usd) as amount_usd
    from silver.order_items
    where order_id in (select record_id from refunded where amount_usd is null)
    group by order_id
  ),
  priced as (
    select first_of_key.source, record_id, item_total.amount_usd as items_usd
    from item_total
    join first_of_key using (record_id)
  )
select
  refunded.source,
  refunded.record_id,
  refunded.customer_id,
  refunded.event_time,
  cast(abs(coalesce(refunded.amount_usd, priced.items_usd, 0)) as decimal(18, 2)) as amount_usd
from refunded
left join priced using (source, record_id)
