-- One row per item that is new, or of which what a steward sees has changed.
-- Grain: (item_id).
select now.item_id
from temp.item_now as now
left join stewardship.review_item as past using (item_id)
where past.item_id is null
  or now.kind <> past.kind
  or now.customer_id_l <> past.customer_id_l
  or now.customer_id_r is distinct from past.customer_id_r
  or now.evidence <> past.evidence
union
select item_id
from temp.field_now as now
full join (
  select item_id, field, value_l, value_r, is_agreeing
  from stewardship.review_field
  semi join temp.item_now using (item_id)
) as past using (item_id, field)
where now.value_l is distinct from past.value_l
  or now.value_r is distinct from past.value_r
  or now.is_agreeing is distinct from past.is_agreeing
