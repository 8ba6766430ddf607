-- One row per customer who has a ticket or spoke with the service. support_tickets were opened within the
-- window of service_days; the rest is of all time. A ticket is open until its status or its resolution
-- says otherwise. It took as long as the source measured, else until its resolution.
-- Grain: (customer_id).
with
  ticket as (
    select
      customer_id,
      event_time,
      csat,
      first_response_minutes,
      lower(trim(category)) = 'complaint' as is_complaint,
      coalesce(lower(trim(status)), 'open') not in ('resolved', 'closed')
        and coalesce(resolved_at > $as_of, true) as is_open,
      case
        when resolved_at > $as_of or resolved_at < event_time then null
        when resolution_minutes >= 0 then resolution_minutes * 60
        else date_diff('second', event_time, resolved_at)
      end as resolution_seconds
    from silver.tickets
    where customer_id is not null
  ),
  asked as (
    select
      customer_id,
      count(*) filter (where event_time >= $service_since) as support_tickets,
      count(*) filter (where is_open and is_complaint) as open_complaints,
      cast(avg(csat) as decimal(4, 2)) as avg_csat,
      cast(sum(resolution_seconds) / (3600 * count(resolution_seconds)) as decimal(18, 2))
        as avg_resolution_hours,
      count(*) as tickets,
      count(*) filter (where is_open) as open_tickets,
      min(event_time) filter (where is_open) as oldest_open_at,
      cast(sum(first_response_minutes) / count(first_response_minutes) as decimal(18, 2))
        as avg_first_response_minutes,
      max(event_time) as last_ticket_at
    from ticket
    group by customer_id
  ),
  spoken as (
    select
      customer_id,
      count(*) as interactions,
      count(*) filter (where escalation_level > 0) as escalations,
      count(*) filter (where is_follow_up_required) as follow_ups,
      cast(avg(sentiment) as decimal(5, 3)) as avg_sentiment,
      max(event_time) as last_interaction_at
    from silver.ticket_interactions
    where customer_id is not null
    group by customer_id
  )
select
  customer_id,
  coalesce(asked.support_tickets, 0) as support_tickets,
  coalesce(asked.open_complaints, 0) as open_complaints,
  asked.avg_csat,
  asked.avg_resolution_hours,
  coalesce(asked.tickets, 0) as tickets,
  coalesce(asked.open_tickets, 0) as open_tickets,
  asked.oldest_open_at,
  asked.avg_first_response_minutes,
  coalesce(spoken.interactions, 0) as interactions,
  coalesce(spoken.escalations, 0) as escalations,
  coalesce(spoken.follow_ups, 0) as follow_ups,
  spoken.avg_sentiment,
  greatest(asked.last_ticket_at, spoken.last_interaction_at) as last_contact_at
from asked
full join spoken using (customer_id)
