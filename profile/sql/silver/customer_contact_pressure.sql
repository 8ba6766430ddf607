-- One row per identified customer: how often they were written to, and what they bought of late. A message
-- counts when it was sent. recent_products and recent_categories: bought and kept of late
-- (recent_purchase_days); days are of 24 hours.
-- Grain: (customer_id).
with
  message as (
    select
      customer_id,
      count(*) filter (where event_time >= $week_since) as messages_7d,
      count(*) filter (where event_time >= $month_since) as messages_30d,
      max(event_time) as last_message_at
    from silver.campaign_events
    where customer_id is not null
    group by customer_id
  ),
  purchase as (
    select
      customer_id,
      list_sort(list(distinct product_id)) as recent_products,
      list_sort(list(distinct category) filter (where category is not null)) as recent_categories
    from silver.customer_product
    where last_bought_at >= $recent_purchase_since
    group by customer_id
  )
select
  customer_id,
  coalesce(message.messages_7d, 0) as messages_7d,
  coalesce(message.messages_30d, 0) as messages_30d,
  message.last_message_at,
  coalesce(purchase.recent_products, []) as recent_products,
  coalesce(purchase.recent_categories, []) as recent_categories
from silver.customer_profile_base
left join message using (customer_id)
left join purchase using (customer_id)
