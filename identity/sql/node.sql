-- One row per keyring that shares a usable identifier with another: a node of the graph. Numbered in
-- the order of keyrings, so that the smallest number of a cluster says the same in every run.
-- Grain: (node).
with linked as (
  select distinct observation.keyring
  from identity.observation
  join temp.usable_identifier using (identifier)
  where usable_identifier.status = 'usable'
)
select keyring, cast(row_number() over (order by keyring) as bigint) as node
from linked
