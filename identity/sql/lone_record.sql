-- One row per record of a keyring resolved in this run that dissolved: a part of its own.
-- Grain: (source, record_id).
select source, record_id, keyring, event_time, record_digest(source, record_id) as part
from identity.record
where keyring in (
  select keyring
  from temp.node
  anti join temp.standing using (node)
  where is_affected
)
