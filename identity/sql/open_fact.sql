-- One row per node, which is the cluster of itself, and thing that a guard counts, by the guard's number:
-- values of limited namespaces, values of guard attributes, and sides of a decision to keep apart.
-- Grain: (cluster, guard, value).
with
  told as (
    select coded.node, coded.ident, coded.tier
    from temp.coded
    anti join (from temp.seen where status not in ('usable', 'alone')) using (ident)
    anti join temp.ruled_out using (node, ident)
  ),
  attributed as (
    select node.node, keyring_attribute.attribute, keyring_attribute.value
    from identity.keyring_attribute
    join temp.node using (keyring)
  ),
  side as (
    select node, attribute as name, value as side
    from attributed
    union
    select told.node, named.kind || ' ' || named.decision_id as name, named.side
    from temp.run_named_identifier as named
    join temp.code using (identifier)
    join told using (ident)
    where named.is_obeyed
      and named.kind = 'keep_apart'
  )
select told.node as cluster, guard.guard, cast(told.ident as bigint) as value
from told
join temp.tier using (tier)
join temp.guard on guard.name = tier.namespace
where not guard.is_decided
union all
select
  attributed.node as cluster,
  guard.guard,
  -- In the order of the values, which is the same in every scope.
  dense_rank() over (order by attributed.value) as value
from attributed
join temp.guard on guard.name = attributed.attribute
where not guard.is_decided
union all
select side.node as cluster, guard.guard, if(side.side = 'l', 1, 2) as value
from side
join temp.guard using (name)
where guard.is_decided
