-- One row per identifier with what can be said before any customer is known: junk, generic, or usable.
-- Generic: seen with more than $generic_after different values of one other namespace, visits aside.
-- Grain: (namespace, value).
with
  identifier as (
    select
      namespace,
      value,
      count(*) as keyrings,
      sum(records) as records,
      min(first_seen) as first_seen,
      max(last_seen) as last_seen,
      bool_or(is_junk) as is_junk
    from identity.observation
    group by namespace, value
  ),
  -- A value on n keyrings is seen with at most n values of another namespace.
  frequent as (
    select namespace, value
    from identifier
    where keyrings > $generic_after and not is_junk
  ),
  company as (
    select frequent.namespace, frequent.value, other.namespace as other, count(distinct other.value) as n
    from frequent
    join identity.observation as own using (namespace, value)
    join identity.observation as other using (keyring)
    where other.namespace <> frequent.namespace
      and not other.is_junk
      and not list_contains($visits, other.namespace)
    group by frequent.namespace, frequent.value, other.namespace
    having count(distinct other.value) > $generic_after
  ),
  generic as (
    select namespace, value, max(n) as n, min(other) as other
    from company
    group by namespace, value
  )
select
  identifier.namespace,
  identifier.value,
  keyrings,
  cast(records as bigint) as records,
  first_seen,
  last_seen,
  case
    when is_junk then 'junk'
    when generic.n is not null then 'generic'
    when keyrings = 1 then 'alone'
    else 'usable'
  end as status,
  case
    when is_junk then 'on the junk list'
    when generic.n is not null
      then 'seen with ' || generic.n || ' values of ' || generic.other || ', at most ' || $generic_after
  end as reason
from identifier
left join generic using (namespace, value)
