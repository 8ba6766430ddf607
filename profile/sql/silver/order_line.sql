-- One row per item of a paid order, at the time of the order.
-- Category and brand are those at the time of sale, else the product's.
-- Grain: (source, record_id).
with
  first_of_key as (
    select record_id, min(source) as source
    from silver.orders
    group by record_id
  ),
  product as (
    select
      record_id as product_id,
      arg_min(category, source) as category,
      arg_min(brand, source) as brand
    from silver.products
    group by record_id
  )
select
  item.source,
  item.record_id,
  paid.customer_id,
  paid.source as order_source,
  item.order_id,
  paid.event_time,
  product_id,
  coalesce(item.category, product.category) as category,
  coalesce(item.brand, product.brand) as brand,
  item.quantity,
  item.amount_usd,
  coalesce(lower(trim(item.status)) = 'returned', false) as is_returned
from silver.order_items as item
join first_of_key on first_of_key.record_id = item.order_id
join silver.paid_order as paid
  on paid.source = first_of_key.source
  and paid.record_id = item.order_id
left join product using (product_id)
