-- One row per identified customer who has a ticket or spoke with the service: how they were served.
-- support_tickets is renamed to say the length of its window; all else is of all time.
-- Grain: (customer_id).
select
  customer_id,
  service.tickets,
  service.support_tickets,
  service.open_tickets,
  service.open_complaints,
  service.oldest_open_at,
  service.avg_first_response_minutes,
  service.avg_resolution_hours,
  service.avg_csat,
  service.interactions,
  service.escalations,
  service.follow_ups,
  service.avg_sentiment,
  service.last_contact_at
from silver.customer_profile_base
join silver.customer_service as service using (customer_id)
