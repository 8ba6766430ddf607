-- One row per keyring that stands for a person, with the customer it belongs to. The id is made of the
-- customer's strongest, earliest identifier. Keyrings that dissolve are not here.
-- Grain: (keyring).
with
  clustered as (
    select
      standing.keyring,
      coalesce(head.keyring, standing.keyring) as cluster,
      standing.sort_key,
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
    select cluster, min(sort_key) as sort_key, bool_or(is_identified) as is_identified
    from clustered
    group by cluster
  )
select
  clustered.keyring,
  cluster,
  identifier_customer_id(id_tier.namespace, named.sort_key.value) as customer_id,
  named.is_identified,
  own_tier.namespace as resolved_by,
  own_tier.confidence,
  clustered.linking,
  clustered.carried
from clustered
join named using (cluster)
join temp.tier as own_tier on own_tier.tier = clustered.tier
join temp.tier as id_tier on id_tier.tier = named.sort_key.tier
