-- One row per keyring whose records change their place or their reason for it.
-- Grain: (keyring).
select keyring
from temp.cluster_now as cluster
full join temp.past_cluster as past using (keyring)
where past.customer_id is distinct from cluster.customer_id
  or past.resolved_by is distinct from cluster.resolved_by
  or past.confidence is distinct from cluster.confidence
  or past.linking is distinct from cluster.linking
  or past.carried is distinct from cluster.carried
