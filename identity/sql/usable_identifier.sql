-- One row per identifier with what can be said before any customer is known: junk, generic, alone on
-- its keyring, or usable. Generic: seen with more than $generic_after different values of one other
-- namespace, visits aside.
-- Grain: (identifier).
with
  counted as (
    select
      identifier,
      any_value(namespace) as namespace,
      any_value(value) as value,
      min(keyring) as first_keyring,
      count(*) as keyrings,
      sum(records) as records,
      min(first_seen) as first_seen,
      max(last_seen) as last_seen,
      bool_or(is_junk) as is_junk
    from identity.observation
    group by identifier
  ),
  -- A value on n keyrings is seen with at most n values of another namespace.
  frequent as (
    select identifier
    from counted
    where keyrings > $generic_after and not is_junk
  ),
  carrier as (
    select own.identifier, own.namespace, own.keyring
    from frequent
    join identity.observation as own using (identifier)
  ),
  company as (
    select
      carrier.identifier,
      other.namespace as other,
      count(distinct other.identifier) as n
    from carrier
    join identity.observation as other using (keyring)
    where other.namespace <> carrier.namespace
      and not other.is_junk
      and not list_contains($visits, other.namespace)
    group by carrier.identifier, other.namespace
    having count(distinct other.identifier) > $generic_after
  ),
  most_company as (
    select identifier, max(n) as n
    from company
    group by identifier
  ),
  generic as (
    select identifier, n, min(other) as other
    from company
    join most_company using (identifier, n)
    group by identifier, n
  )
select
  identifier,
  namespace,
  value,
  first_keyring,
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
from counted
left join generic using (identifier)
