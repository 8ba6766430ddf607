-- One row per part that keeps no id, with the digest that its new one is made of: that of its strongest,
-- earliest identifier (a decision last), or of its one record.
-- Grain: (part).
with
  nameless as (
    select distinct cluster
    from temp.placed
    anti join temp.kept on kept.part = placed.cluster
  ),
  -- An identifier that links lies within one cluster, so the first of its nodes tells which.
  naming as (
    select
      nameless.cluster as part,
      min({'is_decided': seen.tier = 0, 'tier': seen.tier, 'first_seen': seen.first_seen, 'ident': seen.ident}) as first
    from temp.seen
    anti join temp.unlinking using (ident)
    join temp.placed on placed.node = seen.first_node
    join nameless using (cluster)
    group by nameless.cluster
  )
select naming.part, code.identifier as digest
from naming
join temp.code on code.ident = naming.first.ident
union all
select part, part as digest
from temp.lone_record
anti join temp.kept using (part)
