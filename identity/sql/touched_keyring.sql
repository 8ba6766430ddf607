-- One row per touched keyring that a record still has.
-- Grain: (keyring).
select
  keyring,
  cast(sum(records) as bigint) as records,
  count(*) as sources,
  min(first_seen) as first_seen,
  max(last_seen) as last_seen
from identity.sighting
where keyring in (select keyring from temp.run_touched_keyring)
group by keyring
