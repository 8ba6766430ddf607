-- One row per keyring and identifier that it carries; `identifier` is the digest of namespace and
-- value. Values of namespaces with `hash: true` are keyed-hashed here, once the junk list has seen them.
-- Grain: (keyring, identifier).
with hashed as (
  select
    keyring,
    namespace,
    case when list_contains($hashed, namespace) then keyed_hash(value) else value end as value,
    lower(value) in (select junk.value from temp.junk) or is_blocked(value) as is_junk
  from temp.carried
)
select
  keyring,
  namespace,
  value,
  digest(namespace || chr(31) || value) as identifier,
  is_junk,
  keyring.records,
  keyring.sources,
  keyring.first_seen,
  keyring.last_seen
from hashed
join identity.keyring using (keyring)
