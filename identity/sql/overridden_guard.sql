-- One row per customer and guard that it breaks because people decided that its records are one person.
-- Grain: (customer_id, guard).
with
  joined as (
    select verdict.identifier, value.value as decision_id
    from identity.verdict
    join identity.value using (identifier)
    where verdict.tier = 0
      and verdict.status = 'joined'
  ),
  decided as (
    select cluster.cluster, any_value(cluster.customer_id) as customer_id, joined.decision_id
    from joined
    join identity.carried using (identifier)
    join identity.cluster using (keyring)
    group by cluster.cluster, joined.decision_id
  ),
  place as (
    select cluster.keyring, cluster.cluster
    from identity.cluster
    where cluster.cluster in (select decided.cluster from decided)
  ),
  held as (
    select place.cluster, value.namespace as guard, cast(identifier as varchar) as value
    from place
    join identity.carried using (keyring)
    join identity.verdict using (identifier)
    join identity.value using (identifier)
    anti join identity.disowned using (keyring, identifier)
    where verdict.status not in ('junk', 'suppressed', 'generic')
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
