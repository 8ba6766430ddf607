-- One row per identifier of the tier and cluster that carries it, where it reaches two or more.
-- Grain: (identifier, cluster).
with
  touched as (
    select distinct edge.identifier, cluster_of.cluster
    from temp.edge
    join temp.cluster_of using (node)
    where edge.namespace = $namespace
  ),
  several as (
    select identifier
    from touched
    group by identifier
    having count(*) > 1
  )
select identifier, cluster
from touched
join several using (identifier)
