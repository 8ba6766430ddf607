-- One row per customer seen on the site or in the app within the window of behaviour_days.
-- A visit counts once, whether the event stream, the session feed or both tell of it.
-- Grain: (customer_id).
with
  visit as (
    select customer_id, session_id, count(*) as click_events, max(event_time) as last_event_at
    from silver.web_events
    where customer_id is not null
      and event_time >= $behaviour_since
      and event_time <= $as_of
    group by customer_id, session_id

    union all

    select customer_id, record_id as session_id, 0 as click_events, event_time as last_event_at
    from silver.sessions
    where customer_id is not null
      and event_time >= $behaviour_since
      and event_time <= $as_of
  ),
  visit_once as (
    select
      customer_id,
      session_id,
      sum(click_events) as click_events,
      max(last_event_at) as last_event_at
    from visit
    group by customer_id, session_id
  )
select
  customer_id,
  cast(sum(click_events) as bigint) as click_events,
  count(session_id) as sessions,
  max(last_event_at) as last_event_at
from visit_once
group by customer_id
