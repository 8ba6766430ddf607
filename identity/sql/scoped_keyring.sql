-- One row per keyring in scope: the affected ones, and of each value that was shared and that one of them
-- carries everybody else who carries it, with all that the last run joined to those.
-- Grain: (keyring).
with found as (
  select keyring
  from temp.affected
  union
  select keyring
  from temp.halo
)
select
  keyring,
  keyring.records,
  keyring.first_seen,
  keyring.last_seen,
  affected.keyring is not null as is_affected
from identity.keyring
semi join found using (keyring)
left join temp.affected using (keyring)
