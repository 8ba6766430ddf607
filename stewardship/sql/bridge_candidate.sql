-- One row per contact or trace value without which a customer in several parts may fall apart: of two nodes
-- that it alone joins, or of more. A node is a part, or a keyring that is in none.
-- Grain: (identifier).
with
  torn as (
    select distinct cluster
    from temp.anchored_part
  ),
  place as (
    select cluster.keyring, part.part
    from identity.cluster
    semi join torn using (cluster)
    left join temp.anchored_part as part using (keyring)
  ),
  -- A linking value lies within one customer, so the first of its keyrings tells which.
  weak as (
    select verdict.identifier
    from place
    join identity.verdict on verdict.first_keyring = place.keyring
    join temp.namespace as namespace using (tier)
    where verdict.status = 'joined'
      and namespace.bridge_strength is not null
  ),
  link as (
    select distinct
      coalesce(place.part, place.keyring) as node,
      place.part is not null as is_part,
      carried.identifier
    from weak
    join identity.carried using (identifier)
    join place using (keyring)
    anti join temp.idle_observation as idle
      on idle.keyring = carried.keyring
      and idle.identifier = carried.identifier
  ),
  spread as (
    select identifier
    from link
    group by identifier
    having count(*) > 1
  ),
  meeting as (
    select node, is_part, identifier
    from link
    semi join spread using (identifier)
  ),
  -- A keyring in no part that one such value holds leads nowhere.
  leaf as (
    select node
    from meeting
    where not is_part
    group by node
    having count(*) = 1
  ),
  crossing as (
    select identifier, count(*) as nodes, min(node) as node_l, max(node) as node_r
    from meeting
    anti join leaf using (node)
    group by identifier
    having count(*) > 1
  ),
  sole as (
    select node_l, node_r
    from crossing
    where nodes = 2
    group by node_l, node_r
    having count(*) = 1
  )
select crossing.identifier
from crossing
left join sole using (node_l, node_r)
where crossing.nodes > 2
  or sole.node_l is not null
