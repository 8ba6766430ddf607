-- One row per purchase or exchange that was paid; an order that names no type is a purchase.
-- An order without an amount costs the sum of its items; is_priced: it has the one or the other.
-- Items and returns name an order by its key alone; where two sources use the same key, they belong to
-- the first of them by name.
-- Grain: (source, record_id).
with
  paid as (
    select source, record_id, customer_id, event_time, amount_usd
    from silver.orders
    where lower(trim(status)) = 'paid'
      and coalesce(nullif(lower(trim(type)), ''), 'purchase') in ('purchase', 'exchange')
  ),
  first_of_key as (
    select record_id, min(source) as source
    from silver.orders
    group by record_id
  ),
  item_total as (
    select order_id as record_id, sum(amount_usd) as amount_usd
    from silver.order_items
    where order_id in (select record_id from paid where amount_usd is null)
    group by order_id
  ),
  returned as (
    select order_id as record_id, sum(amount_usd) as amount_usd
    from silver.returns
    group by order_id
  ),
  priced as (
    select
      first_of_key.source,
      record_id,
      item_total.amount_usd as items_usd,
      returned.amount_usd as returned_usd
    from item_total
    full join returned using (record_id)
    join first_of_key using (record_id)
  )
select
  paid.source,
  paid.record_id,
  paid.customer_id,
  paid.event_time,
  cast(coalesce(paid.amount_usd, priced.items_usd, 0) as decimal(18, 2)) as revenue_usd,
  cast(coalesce(priced.returned_usd, 0) as decimal(18, 2)) as returned_usd,
  coalesce(paid.amount_usd, priced.items_usd) is not null as is_priced
from paid
left join priced using (source, record_id)
