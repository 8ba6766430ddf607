-- One row per identifier that the warehouse did not know: its value, keyed-hashed where the namespace
-- says so, once the junk list has seen it.
-- Grain: (identifier).
with
  known as (
    select identifier
    from identity.value
    where identifier in (select identifier from temp.raw_value)
  ),
  named as (
    select identifier, any_value(namespace) as namespace, any_value(value) as value
    from temp.raw_value
    anti join known using (identifier)
    group by identifier
  )
select
  identifier,
  namespace,
  case when list_contains($hashed, namespace) then keyed_hash(value) else value end as value,
  is_junk(value) as is_junk
from named
order by identifier
