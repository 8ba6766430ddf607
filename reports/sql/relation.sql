-- One row per relation between entities that have rows, by the name of the parent.
-- Grain: (relation).
select
  relation,
  parent,
  child,
  children,
  orphans,
  unrelated,
  cast(orphans / nullif(children - unrelated, 0) as decimal(9, 4)) as orphan_share
from silver.relation_orphan
where parent in (select unnest(cast($parents as varchar[])))
order by parent, child
