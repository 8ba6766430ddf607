-- One row per threshold at which a truth was held against the proposals, as it was last kept.
-- Grain: (threshold).
select
  run,
  model,
  records,
  threshold,
  proposals,
  edge_precision,
  edge_recall,
  cluster_precision,
  cluster_recall,
  unlinkable
from identity.evaluated_threshold
order by threshold
