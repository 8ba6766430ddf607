-- One row per visit of a machine; nothing else counts it.
-- reason: agent (what it calls itself) or rate (more events, faster, than a person makes).
-- Grain: (session_key).
select
  session_key,
  customer_id,
  source,
  session_id,
  started_at,
  ended_at,
  cast(started_at as date) as session_date,
  events,
  bot_reason as reason
from silver.web_visit
where bot_reason is not null
