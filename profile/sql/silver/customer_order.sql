-- One row per customer with a paid order: what was bought and what came back.
-- Days are whole days of 24 hours.
-- Grain: (customer_id).
with
  total as (
    select
      customer_id,
      count(*) as order_count,
      cast(sum(revenue_usd) as decimal(18, 2)) as total_revenue_usd,
      cast(sum(returned_usd) as decimal(18, 2)) as returned_usd,
      min(event_time) as first_order_at,
      max(event_time) as last_order_at
    from silver.paid_order
    where customer_id is not null
    group by customer_id
  )
select
  customer_id,
  order_count,
  total_revenue_usd,
  returned_usd,
  cast(total_revenue_usd - returned_usd as decimal(18, 2)) as net_revenue_usd,
  cast(total_revenue_usd / order_count as decimal(18, 2)) as avg_order_value_usd,
  first_order_at,
  last_order_at,
  cast(date_diff('microsecond', first_order_at, $as_of) // 86400000000 as integer)
    as days_since_first_order,
  cast(date_diff('microsecond', last_order_at, $as_of) // 86400000000 as integer)
    as days_since_last_order
from total
