-- One row per profile that an outside provider has of a customer; some are delivered twice.
-- Grain: (PROFILE_ID), but for second deliveries.
with
  numbered as (
    select
      number_of(range, getvariable('profiles')) as number,
      range >= getvariable('profiles') as is_again
    from range(getvariable('first'), getvariable('last'))
  ),
  described as (
    select
      *,
      draw(number, 'described', getvariable('customers')) as contact,
      happened(number, getvariable('profiles')) as second
    from numbered
  ),
  aged as (
    select
      *,
      person_of(contact) as person,
      (day_of(getvariable('closed')) - birth_date_of(person_of(contact))) // 365 as age
    from described
  )
select
  numbered('XP', number, 9) as PROFILE_ID,
  customer_id(case when is_odd(number, 'unknown customer') then 900000000 + number else contact end)
    as CUSTOMER_ID,
  pick(['FACEBOOK', 'TWITTER', 'LINKEDIN', 'ENRICHMENT'], number, 'provider') as DATA_SOURCE,
  pick(['SOCIAL', 'DEMOGRAPHIC', 'PSYCHOGRAPHIC'], number, 'type') as PROFILE_TYPE,
  day_of(second - 86400 * draw(number, 'measured', 30)) as PROFILE_DATE,
  case
    when age < 25 then '18-24'
    when age < 35 then '25-34'
    when age < 45 then '35-44'
    when age < 55 then '45-54'
    else '55+'
  end as AGE_RANGE,
  case when is_woman(person) then 'FEMALE' else 'MALE' end as GENDER,
  pick(['HIGH_SCHOOL', 'BACHELOR', 'BACHELOR', 'MASTER', 'DOCTORATE'], person, 'education')
    as EDUCATION_LEVEL,
  pick(getvariable('occupations'), person, 'occupation') as OCCUPATION,
  pick(['0-25K', '25-50K', '50-75K', '75-100K', '100K+'], person, 'income') as INCOME_RANGE,
  format(
    '["{}","{}"]',
    lower(category_of(draw(contact, 'favourite', 8))),
    pick(getvariable('interests'), person, 'interest')
  ) as INTERESTS,
  format(
    '{{"diet":"{}","pets":{}}}',
    pick(['any', 'vegetarian', 'vegan'], person, 'diet'),
    draw(person, 'pets', 3)
  ) as LIFESTYLE_FACTORS,
  pick(['HIGH', 'MEDIUM', 'LOW'], person, 'activity') as SOCIAL_MEDIA_ACTIVITY,
  hundredths(skewed(person, 'influence', 101)) as INFLUENCE_SCORE,
  hundredths(40 + draw(number, 'quality', 61)) as DATA_QUALITY_SCORE,
  told_moment(case when is_again then second + 60 else second end, number) as LAST_UPDATED
from aged
