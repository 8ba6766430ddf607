-- One row per visit, message or ticket, with the keys of who, which campaign and when.
-- Grain: (kind, source, record_id).
select
  'visit' as kind,
  source,
  session_key as record_id,
  customer_id,
  campaign_id,
  cast(started_at as date) as date_key,
  started_at as event_time,
  channel_type as channel,
  duration_seconds,
  conversions > 0 as is_successful
from silver.customer_session

union all

select
  'message',
  source,
  record_id,
  customer_id,
  coalesce(campaign_id, 'unknown'),
  cast(event_time as date),
  event_time,
  channel,
  null,
  is_clicked
from silver.message

union all

select
  'ticket',
  source,
  record_id,
  customer_id,
  null,
  cast(event_time as date),
  event_time,
  lower(trim(channel)),
  cast(date_diff('second', event_time, resolved_at) as bigint),
  resolved_at is not null
from silver.tickets
