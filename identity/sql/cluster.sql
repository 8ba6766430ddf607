-- One row per keyring that stands for a person, with the customer it belongs to. The id is made of the
-- customer's strongest, earliest identifier. Keyrings that dissolve are not here.
-- Grain: (keyring).
with
  clustered as (
    select
      standing.keyring,
      coalesce(head.keyring, standing.keyring) as cluster,
      standing.rank,
      standing.tier,
      standing.is_identified,
      standing.linking,
      standing.carried
    from temp.standing
    left join temp.node using (keyring)
    left join temp.cluster_of on cluster_of.node = node.node
    left join temp.node as head on head.node = cluster_of.cluster
  ),
  named as (
    select cluster, min(rank) as rank, bool_or(is_identified) as is_identified
    from clustered
    group by cluster
  )
select
  clustered.keyring,
  cluster,
  customer_id_of(naming.identifier) as customer_id,
  named.is_identified,
  tier.namespace as resolved_by,
  tier.confidence,
  clustered.linking,
  clustered.carried
from clustered
join named using (cluster)
join temp.settled_identifier as naming on naming.rank = named.rank
join temp.tier on tier.tier = clustered.tier
