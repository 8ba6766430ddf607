-- One row per cluster that holds an anchor or a contact, or a record of a source that masters people. What
-- is counted is the cluster itself.
-- Grain: (cluster).
with
  identified as (
    select coded.node
    from temp.coded
    anti join (from temp.seen where status not in ('usable', 'alone')) using (ident)
    where coded.tier in (select tier.tier from temp.tier where tier.is_identifying)
    union all
    select node.node
    from temp.node
    join identity.sighting using (keyring)
    where list_contains($mastering, sighting.source)
  )
select distinct
  coalesce(cluster_of.cluster, identified.node) as cluster,
  guard.guard,
  cast(null as bigint) as value
from identified
left join temp.cluster_of using (node)
join temp.guard on guard.name = $identified
