-- One row per customer and guard that it breaks because people decided that its records are one person.
-- Grain: (customer_id, guard).
with
  merge as (
    select decision_id, digest($decision || chr(31) || decision_id) as identifier
    from stewardship.decision_in_force
    where kind = 'merge'
  ),
  joined as materialized (
    select merge.decision_id, identifier, verdict.first_keyring
    from identity.verdict
    join merge using (identifier)
    where verdict.status = 'joined'
  ),
  -- A value that joins lies within one cluster, so the first of its keyrings tells which.
  decided as materialized (
    select joined.decision_id, cluster.cluster, cluster.customer_id
    from identity.cluster
    join joined on joined.first_keyring = cluster.keyring
  ),
  place as materialized (
    select keyring, cluster
    from identity.cluster
    where cluster in (select decided.cluster from decided)
  ),
  carried as materialized (
    select keyring, identifier
    from identity.carried
    where keyring in (select place.keyring from place)
  ),
  limited as materialized (
    select verdict.identifier, guard.name as guard
    from identity.verdict
    join temp.tier using (tier)
    join temp.guard on guard.name = tier.namespace
    where verdict.identifier in (select carried.identifier from carried)
      and verdict.status not in ('junk', 'suppressed', 'generic')
      and not guard.is_decided
  ),
  held as (
    select place.cluster, limited.guard, cast(identifier as varchar) as value
    from carried
    join limited using (identifier)
    join place using (keyring)
    anti join identity.disowned using (keyring, identifier)
    union
    select place.cluster, keyring_attribute.attribute as guard, keyring_attribute.value
    from place
    join identity.keyring_attribute using (keyring)
  ),
  broken as (
    select held.cluster, guard.name as guard, guard.most, count(*) as values_held
    from held
    join temp.guard on guard.name = held.guard
    where not guard.is_decided
    group by held.cluster, guard.name, guard.most
    having count(*) > guard.most
  )
select
  decided.customer_id,
  broken.guard,
  broken.values_held,
  broken.most,
  list(decided.decision_id order by decided.decision_id) as decisions
from broken
join decided using (cluster)
group by decided.customer_id, broken.guard, broken.values_held, broken.most
