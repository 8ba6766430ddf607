-- One row per day from the first to the last on which a fact happened.
-- Grain: (date_key).
with
  bound as (
    select min(event_time) as first_at, max(event_time) as last_at from silver.customer_transaction
    union all
    select min(started_at), max(started_at) from silver.customer_session
    union all
    select min(event_time), max(event_time) from silver.message
    union all
    select min(event_time), max(event_time) from silver.tickets
  ),
  span as (
    select cast(min(first_at) as date) as first_day, cast(max(last_at) as date) as last_day
    from bound
  ),
  day as (
    select cast(unnest(generate_series(first_day, last_day, interval 1 day)) as date) as date_key
    from span
  )
select
  date_key,
  cast(year(date_key) as integer) as year,
  cast(quarter(date_key) as integer) as quarter,
  cast(month(date_key) as integer) as month,
  cast(day(date_key) as integer) as day_of_month,
  cast(date_diff('day', date_trunc('week', date_key), date_key) + 1 as integer) as day_of_week,
  cast(week(date_key) as integer) as week_of_year,
  date_diff('day', date_trunc('week', date_key), date_key) >= 5 as is_weekend
from day
