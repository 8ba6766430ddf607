-- One row per record of a source that came, went, or shows another time or keyring than before.
-- Grain: (record_id).
select
  record_id,
  past_record.keyring as keyring_old,
  sighted.keyring as keyring_new,
  sighted.event_time
from temp.sighted
full join temp.past_record using (record_id)
where past_record.keyring is distinct from sighted.keyring
  or past_record.event_time is distinct from sighted.event_time
