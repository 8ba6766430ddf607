-- One row per line of a paid order, with the keys of who, what and when.
-- Grain: (source, record_id).
select
  source,
  record_id,
  customer_id,
  product_id,
  order_id,
  cast(event_time as date) as date_key,
  event_time,
  quantity,
  amount_usd,
  is_returned
from silver.order_line
