-- One row per service ticket; some are delivered twice, with another status.
-- Grain: (TICKET_ID), but for second deliveries.
with
  numbered as (
    select
      number_of(range, getvariable('tickets')) as ticket,
      range >= getvariable('tickets') as is_again
    from range(getvariable('first'), getvariable('last'))
  ),
  kept as (
    select
      *,
      case when is_again then 'OPEN' else ticket_status(ticket) end as status,
      ticket_opened(ticket) as opened,
      ticket_minutes(ticket) as minutes
    from numbered
  )
select
  ticket_id(ticket) as TICKET_ID,
  customer_id(ticket_contact(ticket)) as CUSTOMER_ID,
  case when is_odd(ticket, 'status') then 'ESCALATED' else status end as TICKET_STATUS,
  ticket_priority(ticket) as TICKET_PRIORITY,
  told_moment(opened, ticket) as CREATION_DATE,
  case when status in ('RESOLVED', 'CLOSED') then moment(opened + minutes * 60) end
    as RESOLUTION_DATE,
  cast(1 + draw(ticket, 'first answer', minutes // 2) as integer) as FIRST_RESPONSE_TIME,
  case when status in ('RESOLVED', 'CLOSED') then cast(minutes as integer) end
    as TOTAL_RESOLUTION_TIME,
  ticket_agent(ticket) as ASSIGNED_AGENT_ID,
  ticket_source(ticket) as TICKET_SOURCE,
  ticket_category(ticket) as TICKET_CATEGORY,
  case
    when is_odd(ticket, 'score') then 9
    when status in ('RESOLVED', 'CLOSED') then ticket_score(ticket)
  end as CUSTOMER_SATISFACTION
from kept
