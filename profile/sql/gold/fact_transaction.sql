-- One row per paid order, with the keys of who, where and when.
-- Grain: (source, record_id).
select
  source,
  record_id,
  customer_id,
  store_id,
  cast(event_time as date) as date_key,
  event_time,
  channel_class,
  payment_method,
  value_class,
  basket_size,
  is_first_purchase,
  amount_usd,
  returned_usd,
  discount_usd,
  points_earned,
  points_redeemed
from silver.customer_transaction
