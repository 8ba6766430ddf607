-- One row per record that came, went, or carries something else than in the last run.
-- Grain: (source, record_id).
with past as (
  select source, record_id, keyring
  from identity.member
  where to_run is null
)
select
  source,
  record_id,
  past.keyring as keyring_old,
  record.keyring as keyring_new
from identity.record
full join past using (source, record_id)
where past.keyring is distinct from record.keyring
