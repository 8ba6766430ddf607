-- One row per customer seen on the site or in the app.
-- click_events and sessions are those within the window of behaviour_days, to which last_event_at
-- belongs too; all else is of all time. Lists are in the order of the alphabet.
-- Grain: (customer_id).
with
  -- Of a visit that began before the window, the window has only a part of the events.
  cut_visit as (
    select customer_id, session_id, started_at, ended_at
    from silver.customer_session
    where customer_id is not null
      and started_at < $behaviour_since
      and event_time >= $behaviour_since
      and events > 0
  ),
  cut_click as (
    select customer_id, count(*) as click_events
    from silver.web_events as event
    join cut_visit using (customer_id)
    where event.session_id is not distinct from cut_visit.session_id
      and event.event_time >= $behaviour_since
      and event.event_time <= cut_visit.ended_at
    group by customer_id
  ),
  total as (
    select
      customer_id,
      sum(events) filter (where started_at >= $behaviour_since) as click_events,
      count(*) filter (where event_time >= $behaviour_since) as sessions,
      max(event_time) filter (where event_time >= $behaviour_since) as last_event_at,
      count(*) as total_sessions,
      sum(page_views) as total_page_views,
      sum(duration_seconds) as total_seconds,
      sum(conversions) as total_conversions,
      sum(engagement_score) as total_engagement,
      min(started_at) as first_session_at,
      max(started_at) as last_session_at,
      count(distinct device_class) filter (where device_class <> 'unknown') as device_diversity,
      count(distinct intent) as intent_diversity,
      string_agg(distinct journey_stage, ',' order by journey_stage) as journey_stages,
      string_agg(distinct channel_type, ',' order by channel_type) as channel_types
    from silver.customer_session
    where customer_id is not null
    group by customer_id
  )
select
  customer_id,
  cast(coalesce(total.click_events, 0) + coalesce(cut_click.click_events, 0) as bigint)
    as click_events,
  total.sessions,
  total.last_event_at,
  total.total_sessions,
  cast(total.total_page_views as bigint) as total_page_views,
  cast(total.total_seconds as bigint) as total_seconds,
  cast(total.total_conversions as bigint) as total_conversions,
  cast(total.total_engagement / total.total_sessions as decimal(9, 2)) as average_engagement,
  total.first_session_at,
  total.last_session_at,
  total.device_diversity,
  total.intent_diversity,
  total.journey_stages,
  total.channel_types
from total
left join cut_click using (customer_id)
