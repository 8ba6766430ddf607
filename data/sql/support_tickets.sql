-- One row per ticket.
-- Grain: (ticket_id).
select
  numbered('T', number) as ticket_id,
  contact_id(contact) as contact_id,
  email_hash(email) as email_hash,
  phone_hash(phone) as phone_hash,
  moment(opened_at) as opened_at,
  case when not is_open then moment(resolved_at) end as resolved_at,
  getvariable('ticket_statuses')[status + 1] as status,
  getvariable('priorities')[priority + 1] as priority,
  getvariable('ticket_categories')[category + 1] as category,
  case when csat > 0 then cast(csat as integer) end as csat
from support_tickets_draw
