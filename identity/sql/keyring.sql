-- One row per keyring: how often and when it was carried, and by how many sources.
-- Grain: (keyring).
select
  keyring,
  cast(sum(records) as bigint) as records,
  count(*) as sources,
  min(first_seen) as first_seen,
  max(last_seen) as last_seen
from identity.sighting
group by keyring
