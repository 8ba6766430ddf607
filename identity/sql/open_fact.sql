-- One row per node, which is the cluster of itself, and thing that a guard counts, by the guard's number:
-- values of limited namespaces and values of guard attributes.
-- Grain: (cluster, guard, value).
select coded.node as cluster, guard.guard, cast(coded.ident as bigint) as value
from temp.coded
anti join (from temp.seen where status not in ('usable', 'alone')) using (ident)
join temp.tier using (tier)
join temp.guard on guard.name = tier.namespace
union all
select
  node.node as cluster,
  guard.guard,
  -- In the order of the values, which is the same in every scope.
  dense_rank() over (order by keyring_attribute.value) as value
from identity.keyring_attribute
join temp.node using (keyring)
join temp.guard on guard.name = keyring_attribute.attribute
