-- One row per merge that a keep_apart forbids, with who decided each.
-- Grain: (item_id).
select
  conflict.item_id,
  'decision_conflict' as kind,
  conflict.customer_id_l,
  conflict.customer_id_r,
  'merge ' || conflict.merge_id || ' by ' || coalesce(merge.decided_by, 'somebody') || ' is forbidden by keep_apart '
    || conflict.keep_apart_id || ' by ' || coalesce(keep_apart.decided_by, 'somebody') as evidence,
  cast(1 as double) as uncertainty
from temp.conflict
left join stewardship.decision as merge on merge.decision_id = conflict.merge_id
left join stewardship.decision as keep_apart on keep_apart.decision_id = conflict.keep_apart_id
