-- One row per keyring resolved in this run that stands for a person, with the customer it belongs to.
-- Grain: (keyring).
select
  placed.keyring,
  placed.cluster,
  named.customer_id,
  placed.is_identified,
  tier.namespace as resolved_by,
  tier.confidence,
  placed.linking,
  placed.carried
from temp.placed
join temp.named on named.part = placed.cluster
join temp.tier using (tier)
