-- One row per identified customer seen on the site or in the app: what they do there.
-- click_events and sessions are renamed to say the length of their window; all else is of all time.
-- Grain: (customer_id).
select
  customer_id,
  behaviour.click_events,
  behaviour.sessions,
  behaviour.last_event_at,
  behaviour.total_sessions,
  behaviour.total_page_views,
  behaviour.total_seconds,
  behaviour.total_conversions,
  behaviour.average_engagement,
  behaviour.first_session_at,
  behaviour.last_session_at,
  behaviour.device_diversity,
  behaviour.intent_diversity,
  behaviour.journey_stages,
  behaviour.channel_types,
  metric.behavioural_recency_days,
  metric.is_active_user,
  metric.is_frequent_user,
  metric.is_converter_user
from silver.customer_metric as metric
join silver.customer_behaviour as behaviour using (customer_id)
