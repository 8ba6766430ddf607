-- One row per currency, day and span of time of that day: what one unit is worth in US dollars from `since`
-- until before `until` (null: to this day). Days are listed so that amounts find their rate by equality.
-- Of rates of the same moment the first source and record by name counts.
-- Grain: (currency, day, since).
with
  rate as (
    select upper(trim(currency)) as currency, usd, event_time as since
    from silver.exchange_rates
    where usd > 0
      and trim(currency) <> ''
    qualify row_number() over (
      partition by upper(trim(currency)), event_time
      order by source, record_id
    ) = 1
  ),
  period as (
    select currency, usd, since, lead(since) over (partition by currency order by since) as until
    from rate
  )
select
  currency,
  cast(
    unnest(generate_series(date_trunc('day', since), coalesce(until, $as_of), interval 1 day)) as date
  ) as day,
  usd,
  since,
  until
from period
