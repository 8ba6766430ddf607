-- One row per keyring and identifier that it carries. Values of namespaces with `hash: true` are
-- keyed-hashed here, after the junk list has seen them.
-- Grain: (keyring, namespace, value).
with sighting as (
  select
    keyring,
    substr(namespace, 4) as namespace,
    value,
    sum(records) as records,
    count(*) as sources,
    min(first_seen) as first_seen,
    max(last_seen) as last_seen
  from temp.sighting
  where namespace like 'id:%'
  group by keyring, namespace, value
)
select
  keyring,
  namespace,
  case when list_contains($hashed, namespace) then keyed_hash(value) else value end as value,
  cast(records as bigint) as records,
  sources,
  first_seen,
  last_seen,
  lower(value) in (select junk.value from temp.junk) or is_blocked(value) as is_junk
from sighting
