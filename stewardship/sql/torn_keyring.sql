-- One row per keyring of a customer and value without which the customer may fall apart.
-- Grain: (bridge, keyring).
select
  bridge_candidate.identifier as bridge,
  cluster.keyring,
  cluster.customer_id,
  dense_rank() over (order by bridge_candidate.identifier, cluster.keyring) as node
from temp.bridge_candidate
join identity.verdict using (identifier)
join identity.cluster as head on head.keyring = verdict.first_keyring
join identity.cluster as cluster on cluster.cluster = head.cluster
