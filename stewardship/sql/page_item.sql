-- One row per review item that the filter lets through, the most valuable first.
-- Grain: (item_id).
with
  -- Found by narrow columns first, because evidence is long and most items are on other pages.
  listed as (
    select item.item_id, coalesce(impact.priority, 0) as priority
    from stewardship.review_item as item
    left join stewardship.review_impact as impact using (item_id)
    where ($kind is null or item.kind = $kind)
      and list_contains($states, item.state)
      and ($assignee is null or coalesce(item.assignee, '') = $assignee)
    order by priority desc, item.item_id
    limit $most offset $skipped
  )
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
  listed.priority
from listed
join stewardship.review_item as item using (item_id)
left join stewardship.review_impact as impact using (item_id)
order by listed.priority desc, item.item_id
