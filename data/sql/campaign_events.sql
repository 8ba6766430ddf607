-- One row per message to one contact.
-- Grain: (campaign_event_id).
select
  numbered('M', number) as campaign_event_id,
  getvariable('campaigns')[campaign + 1] as campaign_id,
  contact_id(contact) as contact_id,
  email_hash(email) as email_hash,
  getvariable('campaign_channels')[campaign + 1] as channel,
  moment(sent_at) as sent_at,
  delivered,
  opened,
  clicked
from campaign_events_draw
