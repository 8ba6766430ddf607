-- One row per touched keyring and source that shows it.
-- Grain: (keyring, source).
select
  keyring,
  source,
  count(*) as records,
  min(event_time) as first_seen,
  max(event_time) as last_seen
from identity.record
where keyring in (select keyring from temp.run_touched_keyring)
group by keyring, source
