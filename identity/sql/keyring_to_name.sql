-- One row per keyring of a restated record that the warehouse did not know.
-- Grain: (keyring).
-- A semi join first: what is small is hashed, and the large table read once.
with known as (
  select keyring
  from identity.keyring
  where keyring in (select keyring_new from temp.restated_record)
)
select distinct keyring_new as keyring
from temp.restated_record
where keyring_new is not null
  and keyring_new not in (select keyring from known)
  and keyring_new not in (select keyring from temp.new_keyring)
