-- One row per contact within a ticket: of three tickets, one has one and two have two; some come twice.
-- Grain: (INTERACTION_ID), but for second deliveries.
with
  numbered as (
    select
      number_of(range, getvariable('tickets')) as ticket,
      range >= getvariable('tickets') as is_again
    from range(getvariable('first'), getvariable('last'))
  ),
  contact as (
    select
      *,
      unnest(range(case when ticket % 3 = 0 then 1 else 2 end)) as place,
      person_of(ticket_contact(ticket)) as person
    from numbered
  ),
  told as (
    select
      *,
      ticket * 10 + place as number,
      ticket_category(ticket) as category,
      ticket_status(ticket) in ('RESOLVED', 'CLOSED') as is_solved
    from contact
  )
select
  numbered('SI', number, 10) as INTERACTION_ID,
  customer_id(ticket_contact(ticket)) as CUSTOMER_ID,
  ticket_id(case when is_odd(number, 'orphan') then 90000000 + ticket else ticket end) as TICKET_ID,
  ticket_source(ticket) as INTERACTION_TYPE,
  told_moment(
    least(ticket_opened(ticket) + place * ticket_minutes(ticket) * 30, getvariable('closed') - 1),
    number
  ) as INTERACTION_DATE,
  case ticket_source(ticket)
    when 'PHONE' then 'HOTLINE'
    when 'SOCIAL' then 'TWITTER'
    when 'IN_PERSON' then 'STORE'
    else 'WEB'
  end as INTERACTION_CHANNEL,
  ticket_agent(ticket) as AGENT_ID,
  pick(getvariable('questions'), ticket, 'question') as INTERACTION_SUBJECT,
  case
    when draw(number, 'names address', 20) = 0
      then 'Please write to ' || email_of(person) || ' or call ' || phone_of(telephone_of(person)) || '.'
    else pick(getvariable('descriptions'), number, 'description')
  end as INTERACTION_DESCRIPTION,
  case when is_solved then 'SOLVED' else pick(['FOLLOW_UP', 'ESCALATED'], number, 'outcome') end
    as INTERACTION_OUTCOME,
  cast(5 + draw(number, 'minutes', 55) as integer) as RESOLUTION_TIME,
  case when is_again then 1 else ticket_score(ticket) end as SATISFACTION_SCORE,
  hundredths(draw(number, 'sentiment', 101) - 50 + 20 * (coalesce(ticket_score(ticket), 3) - 3))
    as SENTIMENT_SCORE,
  ticket_priority(ticket) as PRIORITY_LEVEL,
  category as CATEGORY,
  case category
    when 'BILLING' then pick(['INVOICE', 'REFUND', 'PAYMENT'], ticket, 'subcategory')
    when 'TECHNICAL' then pick(['LOGIN', 'APP', 'CHECKOUT'], ticket, 'subcategory')
    when 'PRODUCT' then pick(['DEFECT', 'SIZE', 'DELIVERY'], ticket, 'subcategory')
    else pick(['LOYALTY', 'STORE', 'OTHER'], ticket, 'subcategory')
  end as SUBCATEGORY,
  not is_solved as FOLLOW_UP_REQUIRED,
  pick([0, 0, 0, 0, 0, 1, 1, 2], ticket, 'escalation') as ESCALATION_LEVEL
from told
