-- One row per item and value at issue in it.
-- Grain: (item_id, namespace, value).
with
  at_issue as (
    select item_id, identifier
    from temp.pair_value
    union all
    select item_id, identifier
    from temp.conflict
    union all
    select distinct item_id, identifier
    from temp.bridge_side
  )
select at_issue.item_id, value.namespace, value.value, verdict.status, verdict.reason
from at_issue
join identity.verdict using (identifier)
join identity.value using (identifier)
