-- One row per change of one consent.
-- Grain: (consent_event_id).
select
  numbered('G', number) as consent_event_id,
  loyalty_id(card) as loyalty_id,
  contact_id(contact) as contact_id,
  email_hash(email) as email_hash,
  case purpose when 0 then 'marketing' else 'personalization' end as purpose,
  case when is_granted then 'granted' else 'withdrawn' end as status,
  getvariable('consent_channels')[channel + 1] as channel,
  getvariable('policy_versions')[policy + 1] as policy_version,
  moment(event_time) as event_time
from consent_events_draw
