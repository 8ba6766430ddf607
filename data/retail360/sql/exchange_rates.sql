-- One row per currency and day.
-- Grain: (CURRENCY_CODE, RATE_DATE).
with
  rate as (
    select range as day, unnest(range(4)) as currency
    from range(getvariable('first'), getvariable('last'))
  )
select
  ['USD', 'EUR', 'GBP', 'KZT'][1 + currency] as CURRENCY_CODE,
  day_of(getvariable('opened') + (day - 30) * 86400) as RATE_DATE,
  cast(usd_rate(currency, day) * cast(0.00001 as decimal(6, 5)) as decimal(18, 8)) as USD_RATE
from rate
