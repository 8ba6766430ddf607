-- One row per keyring resolved in this run that stands for a person, with the cluster it belongs to,
-- which is named by its smallest keyring.
-- Grain: (keyring).
select
  node.node,
  node.keyring,
  head.keyring as cluster,
  standing.tier,
  standing.is_identified,
  standing.linking,
  standing.carried,
  node.records,
  node.first_seen
from temp.standing
join temp.node using (node)
left join temp.cluster_of using (node)
join temp.node as head on head.node = coalesce(cluster_of.cluster, standing.node)
where node.is_affected
