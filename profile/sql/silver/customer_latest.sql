-- One row per customer with a paid order: the last five orders (a JSON list), and the last ten products that
-- they bought and kept, with the categories of those.
-- Grain: (customer_id).
with
  placed_order as (
    select
      customer_id,
      row_number() over (
        partition by customer_id
        order by event_time desc, source, record_id
      ) as place,
      cast(to_json({
        'order_id': record_id,
        'ordered_at': event_time,
        'revenue_usd': cast(revenue_usd as varchar),
        'returned_usd': cast(returned_usd as varchar)
      }) as varchar) as paid_order
    from silver.paid_order
    where customer_id is not null
  ),
  latest_order as (
    select customer_id, '[' || string_agg(paid_order, ',' order by place) || ']' as latest_orders
    from placed_order
    where place <= 5
    group by customer_id
  ),
  placed_product as (
    select
      customer_id,
      product_id,
      category,
      row_number() over (partition by customer_id order by last_bought_at desc, product_id) as place
    from silver.customer_product
  ),
  latest_product as (
    select
      customer_id,
      list_sort(list(distinct product_id)) as latest_products,
      list_sort(list(distinct category) filter (where category is not null)) as latest_categories
    from placed_product
    where place <= 10
    group by customer_id
  )
select
  customer_id,
  latest_order.latest_orders,
  coalesce(latest_product.latest_products, []) as latest_products,
  coalesce(latest_product.latest_categories, []) as latest_categories
from latest_order
left join latest_product using (customer_id)
