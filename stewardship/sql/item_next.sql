-- One row per item that any run has seen, as it is after this one.
-- Grain: (item_id).
select
  item_id,
  coalesce(now.kind, past.kind) as kind,
  coalesce(now.customer_id_l, past.customer_id_l) as customer_id_l,
  if(now.kind is null, past.customer_id_r, now.customer_id_r) as customer_id_r,
  coalesce(now.evidence, past.evidence) as evidence,
  coalesce(now.uncertainty, past.uncertainty) as uncertainty,
  coalesce(now.records, past.records) as records,
  coalesce(past.first_run, $run) as first_run,
  if(now.kind is null, past.last_run, $run) as last_run,
  if(changed.item_id is null, past.changed_run, $run) as changed_run,
  case
    when answer.is_decided then 'decided'
    when now.kind is null then 'obsolete'
    when answer.is_held then 'held'
    when past.assignee is not null then 'assigned'
    else 'open'
  end as state,
  past.assignee,
  answer.decision_id
from temp.item_now as now
full join stewardship.review_item as past using (item_id)
left join temp.changed_item as changed using (item_id)
left join temp.answer using (item_id)
