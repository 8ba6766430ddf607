-- One row per review item that the filter lets through, the most valuable first.
-- Grain: (item_id).
select
  item.item_id,
  item.kind,
  item.customer_id_l,
  item.customer_id_r,
  item.evidence,
  item.uncertainty,
  item.records,
  item.first_run,
  item.last_run,
  item.changed_run,
  item.state,
  item.assignee,
  item.decision_id,
  impact.impact_usd,
  coalesce(impact.priority, 0) as priority
from stewardship.review_item as item
left join stewardship.review_impact as impact using (item_id)
where ($kind is null or item.kind = $kind)
  and item.state in (select unnest(cast($states as varchar[])))
  and ($assignee is null or coalesce(item.assignee, '') = $assignee)
  and ($item_id is null or item.item_id = $item_id)
order by priority desc, item.item_id
limit $most offset $skipped
