-- One row per keyring and identifier that it carries.
-- Grain: (keyring, identifier).
select
  carried.keyring,
  value.namespace,
  value.value,
  carried.identifier,
  value.is_junk,
  keyring.records,
  keyring.sources,
  keyring.first_seen,
  keyring.last_seen
from identity.carried
join identity.value using (identifier)
join identity.keyring using (keyring)
