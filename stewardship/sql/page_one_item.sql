-- One row: the review item asked about, if there is such.
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
where item.item_id = $item_id
