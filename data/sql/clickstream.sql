-- One row per delivery of a step of a visitor; some are delivered twice.
-- Grain: (event_id), but for second deliveries.
select
  numbered('E', number) as event_id,
  session_id(session) as session_id,
  device_hash(device) as device_hash,
  loyalty_id(card) as loyalty_id,
  moment(event_time) as event_time,
  getvariable('event_types')[event_type + 1] as event_type,
  getvariable('pages')[event_type + 1] as page,
  case when product >= 0 then 'SKU-' || lpad(cast(product + 1 as varchar), 4, '0') end as product_id
from clickstream_draw
