-- One row per customer with a paid order or a refund: what was bought and what came back.
-- home_store has the most visits, preferred_channel_bought the most orders; of equals the one used
-- last, then the first by name. purchase_categories are in the order of the alphabet.
-- Grain: (customer_id).
with
  refunded as (
    select customer_id, sum(amount_usd) as amount_usd
    from silver.refund
    where customer_id is not null
    group by customer_id
  ),
  bought as (
    select
      customer_id,
      count(*) as order_count,
      sum(amount_usd) as revenue_usd,
      sum(returned_usd) as returned_usd,
      min(event_time) as first_order_at,
      max(event_time) as last_order_at,
      sum(discount_usd) as discount_usd,
      sum(points_earned) as points_earned,
      sum(points_redeemed) as points_redeemed
    from silver.customer_transaction
    where customer_id is not null
    group by customer_id
  ),
  used as (
    select
      customer_id,
      channel_class,
      store_id,
      count(*) as orders,
      max(event_time) as last_at
    from silver.customer_transaction
    where customer_id is not null
    group by customer_id, channel_class, store_id
  ),
  used_store as (
    select customer_id, store_id, sum(orders) as orders, max(last_at) as last_at
    from used
    where store_id is not null
    group by customer_id, store_id
  ),
  store as (
    select
      customer_id,
      store_id,
      count(*) over (partition by customer_id) as stores
    from used_store
    qualify row_number() over (
      partition by customer_id
      order by orders desc, last_at desc, store_id
    ) = 1
  ),
  used_channel as (
    select customer_id, channel_class, sum(orders) as orders, max(last_at) as last_at
    from used
    group by customer_id, channel_class
  ),
  channel as (
    select
      customer_id,
      channel_class,
      count(*) over (partition by customer_id) as channels
    from used_channel
    qualify row_number() over (
      partition by customer_id
      order by orders desc, last_at desc, channel_class
    ) = 1
  ),
  used_category as (
    select distinct customer_id, category
    from silver.order_line
    where customer_id is not null
      and category is not null
  ),
  category as (
    select
      customer_id,
      count(*) as categories,
      string_agg(category, ', ' order by category) as names
    from used_category
    group by customer_id
  ),
  total as (
    select
      customer_id,
      coalesce(bought.order_count, 0) as order_count,
      cast(coalesce(bought.revenue_usd, 0) as decimal(18, 2)) as total_revenue_usd,
      cast(coalesce(bought.returned_usd, 0) + coalesce(refunded.amount_usd, 0) as decimal(18, 2))
        as returned_usd,
      bought.first_order_at,
      bought.last_order_at,
      cast(coalesce(bought.discount_usd, 0) as decimal(18, 2)) as discount_usd,
      cast(coalesce(bought.points_earned, 0) as bigint) as points_earned,
      cast(coalesce(bought.points_redeemed, 0) as bigint) as points_redeemed
    from bought
    full join refunded using (customer_id)
  )
select
  customer_id,
  total.order_count,
  total.total_revenue_usd,
  total.returned_usd,
  cast(total.total_revenue_usd - total.returned_usd as decimal(18, 2)) as net_revenue_usd,
  cast(total.total_revenue_usd / nullif(total.order_count, 0) as decimal(18, 2))
    as avg_order_value_usd,
  total.first_order_at,
  total.last_order_at,
  total.discount_usd,
  total.points_earned,
  total.points_redeemed,
  coalesce(category.categories, 0) as category_diversity,
  coalesce(channel.channels, 0) as channel_diversity,
  coalesce(store.stores, 0) as store_diversity,
  category.names as purchase_categories,
  store.store_id as home_store,
  channel.channel_class as preferred_channel_bought
from total
left join store using (customer_id)
left join channel using (customer_id)
left join category using (customer_id)
