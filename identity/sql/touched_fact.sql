-- One row per cluster that the tier touches and thing that a guard counts in it. An identified cluster
-- counts as one, however many of its nodes are: its own number is the value.
-- Grain: (cluster, guard, value).
with touched as (
  select distinct cluster
  from temp.touch
)
select distinct
  touched.cluster,
  node_fact.guard,
  coalesce(node_fact.value, digest(cast(touched.cluster as varchar))) as value
from touched
join temp.cluster_of using (cluster)
join temp.node_fact using (node)
join temp.guard_limit using (guard)
