-- One row per item of which both sides have an attribute: the share of those compared that agree, drawn to one
-- half by two that are not known (the rule of succession), so that it is never 0 or 1. Little of it is left
-- where a guard attribute differs.
-- Grain: (item_id).
select
  item_id,
  (count(*) filter (where field_now.is_agreeing) + 1) / (count(*) + 2)
    * if(bool_or(field.is_guard and not field_now.is_agreeing), $guard_differs, 1.0) as share
from temp.field_now
join temp.field using (field)
where field.is_attribute
  and field_now.is_agreeing is not null
group by item_id
