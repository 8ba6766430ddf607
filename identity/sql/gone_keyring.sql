-- One row per touched keyring that no record has any more.
-- Grain: (keyring).
with known as (
  select keyring
  from identity.keyring
  where keyring in (select keyring from temp.run_touched_keyring)
)
select distinct keyring
from temp.run_touched_keyring
anti join known using (keyring)
