-- One row per store.
-- Grain: (STORE_ID).
with
  store as (
    select range as number, 1 + draw(range, 'store city', 24) as city
    from range(getvariable('first'), getvariable('last'))
  )
select
  store_id(number) as STORE_ID,
  'Retail 360 ' || getvariable('cities')[city] || ' ' || cast(number + 1 as varchar) as STORE_NAME,
  getvariable('cities')[city] as CITY,
  getvariable('countries')[1 + (city - 1) // 6] as COUNTRY_CODE
from store
