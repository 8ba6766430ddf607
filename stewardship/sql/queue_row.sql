-- One row per review item that is exported, the most important first.
-- Grain: (item_id).
select
  item.item_id,
  item.kind,
  item.state,
  impact.priority,
  impact.impact_usd,
  item.customer_id_l,
  item.customer_id_r,
  item.evidence,
  item.first_run,
  item.last_run,
  item.assignee
from stewardship.review_item as item
left join stewardship.review_impact as impact using (item_id)
where list_contains($states, item.state)
  and ($kind is null or item.kind = $kind)
  and ($assignee is null or item.assignee = $assignee)
order by impact.priority desc nulls last, item.item_id
limit $limit
