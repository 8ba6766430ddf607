-- One row per contact that the CRM has of a person; some are delivered twice.
-- Grain: (CUSTOMER_ID), but for second deliveries.
with
  contact as (
    select
      number_of(range, getvariable('customers')) as number,
      range >= getvariable('customers') as is_again
    from range(getvariable('first'), getvariable('last'))
  ),
  known as (
    select
      number,
      is_again,
      person_of(number) as person,
      home_of(person_of(number)) as home,
      number >= getvariable('people') as is_second,
      366 + draw(number, 'registered', 2900) as age_days
    from contact
  ),
  -- Of a second contact, either the address or the number is that of the first.
  reached as (
    select
      *,
      is_second and draw(number, 'other mail', 100) < 30 as has_other_mail,
      is_second and draw(number, 'other mail', 100) >= 65 as has_other_phone,
      email_of(person) as email,
      telephone_of(person) as telephone
    from known
  ),
  called as (select *, phone_of(telephone) as phone from reached)
select
  customer_id(number) as CUSTOMER_ID,
  case
    when is_second and draw(number, 'initial', 100) < 20 then left(first_name_of(person), 1) || '.'
    else first_name_of(person)
  end as FIRST_NAME,
  last_name_of(home) as LAST_NAME,
  case
    when is_odd(number, 'no mail') then 'none@none.com'
    when draw(number, 'gives mail', 100) < 6 and not is_second then null
    when has_other_mail then 'alt.' || email
    when draw(number, 'writes mail', 100) < 8 then upper(email)
    else email
  end as EMAIL_ADDRESS,
  case
    when is_odd(number, 'no phone') then '000-000-0000'
    when draw(number, 'gives phone', 100) < 10 and not is_second then null
    when has_other_phone then '+1646' || lpad(cast(2000000 + number as varchar), 7, '0')
    else written_phone(phone, draw(number, 'writes phone', 10))
  end as PHONE_NUMBER,
  case
    when draw(number, 'gives birth date', 100) < 5 then null
    when is_second and draw(number, 'mistakes birth date', 100) < 4 then birth_date_of(person) + 1
    else birth_date_of(person)
  end as DATE_OF_BIRTH,
  case
    when draw(number, 'gives gender', 100) < 4 then null
    when draw(person, 'other gender', 100) < 1 then 'OTHER'
    when is_woman(person) then 'FEMALE'
    else 'MALE'
  end as GENDER,
  cast(1 + draw(home, 'house', 400) as varchar) || ' ' || pick(getvariable('streets'), home, 'street')
    as ADDRESS_LINE_1,
  getvariable('cities')[city_of(home)] as CITY,
  getvariable('states')[city_of(home)] as STATE_CODE,
  getvariable('zips')[city_of(home)] || lpad(cast(draw(home, 'zip', 100) as varchar), 2, '0')
    as ZIP_CODE,
  getvariable('countries')[1 + country_of(home)] as COUNTRY_CODE,
  pick(['PREMIUM', 'STANDARD', 'STANDARD', 'STANDARD', 'BASIC', 'BASIC'], person, 'segment')
    as CUSTOMER_SEGMENT,
  case
    when is_again then 'GOLD'
    else pick(['BRONZE', 'BRONZE', 'BRONZE', 'SILVER', 'SILVER', 'GOLD', 'PLATINUM'], person, 'tier')
  end as LOYALTY_TIER,
  cast(skewed(person, 'points', 20000) as integer) as LOYALTY_POINTS,
  day_of(getvariable('closed') - age_days * 86400) as REGISTRATION_DATE,
  case
    when draw(number, 'signs in', 100) >= 10
      then moment(
        getvariable('closed') - 60 - draw(number, 'last login', 90) * 86400
          - draw(number, 'login time', 86400)
      )
  end as LAST_LOGIN_DATE,
  case
    when is_odd(number, 'status') then 'PENDING_REVIEW'
    else pick(
      ['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'INACTIVE'],
      number,
      'status'
    )
  end as CUSTOMER_STATUS,
  pick(['EMAIL', 'EMAIL', 'SMS', 'PUSH', 'PHONE', 'MAIL'], person, 'channel') as PREFERRED_CHANNEL,
  store_id(preferred_store(number)) as PREFERRED_STORE
from called
