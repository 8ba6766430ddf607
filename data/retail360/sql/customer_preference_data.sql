-- One row per preference of a customer; some are delivered twice.
-- Grain: (PREFERENCE_ID), but for second deliveries.
with
  numbered as (
    select
      number_of(range, getvariable('preferences')) as number,
      range >= getvariable('preferences') as is_again
    from range(getvariable('first'), getvariable('last'))
  ),
  held as (
    select
      *,
      draw(number, 'prefers', getvariable('customers')) as contact,
      pick(['COMMUNICATION', 'PRODUCT', 'BRAND', 'CATEGORY'], number, 'type') as type
    from numbered
  )
select
  numbered('PR', number, 9) as PREFERENCE_ID,
  customer_id(contact) as CUSTOMER_ID,
  type as PREFERENCE_TYPE,
  case type
    when 'COMMUNICATION' then pick(['EMAIL', 'SMS', 'PUSH', 'MAIL'], number, 'value')
    when 'PRODUCT' then product_id(draw(number, 'product', getvariable('products')))
    when 'BRAND' then pick(getvariable('brands'), number, 'value')
    else category_of(draw(contact, 'favourite', 8))
  end as PREFERENCE_VALUE,
  case
    when is_odd(number, 'strength') then 1.50
    else hundredths(draw(number, 'strength', 101))
  end as PREFERENCE_STRENGTH,
  pick(['EXPLICIT', 'IMPLICIT', 'INFERRED'], number, 'origin') as PREFERENCE_SOURCE,
  told_moment(happened(number, getvariable('preferences')), number) as PREFERENCE_DATE,
  case
    when is_again then 'OVERRIDDEN'
    else pick(['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'INACTIVE', 'OVERRIDDEN'], number, 'status')
  end as PREFERENCE_STATUS
from held
