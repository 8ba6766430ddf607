-- One row per change of a consent. Each contact has four places: marketing, personalization, a later change
-- of marketing, and a word about one channel; most stay empty.
-- Grain: (CONSENT_EVENT_ID), but for second deliveries.
with
  place as (
    select
      number_of(range, getvariable('customers')) as contact,
      unnest(range(4)) as place
    from range(getvariable('first'), getvariable('last'))
  ),
  said as (
    select
      *,
      contact * 4 + place as number,
      getvariable('closed') - (30 + draw(contact, 'consents', 320)) * 86400
        - draw(contact, 'consent time', 86400) as second
    from place
    where draw(contact * 4 + place, 'says so', 100) < [88, 80, 15, 12][1 + place]
  )
select
  numbered('CE', number, 10) as CONSENT_EVENT_ID,
  customer_id(contact) as CUSTOMER_ID,
  case when place = 1 then 'PERSONALIZATION' else 'MARKETING' end as PURPOSE,
  case
    when is_odd(number, 'status') then 'MAYBE'
    when draw(number, 'agrees', 100) < [82, 75, 30, 40][1 + place] then 'GRANTED'
    else 'WITHDRAWN'
  end as CONSENT_STATUS,
  case when place = 3 then pick(['EMAIL', 'SMS', 'PUSH'], number, 'channel') end as CONTACT_CHANNEL,
  pick(['WEB', 'APP', 'POS', 'CALL_CENTER'], number, 'said in') as CAPTURED_IN,
  pick(['2024-01', '2025-01', '2025-07'], number, 'policy') as POLICY_VERSION,
  told_moment(
    second + case when place > 1 and draw(number, 'same moment', 20) > 0 then 20 * 86400 else 0 end,
    number
  ) as CONSENT_DATE,
  case when draw(number, 'expires', 10) = 0 then moment(second + 300 * 86400) end as EXPIRES_DATE
from said
