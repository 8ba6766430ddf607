-- One row per row of the list and namespace of contact data that it is compared by, as identity.compared_value has it.
-- Grain: (number, field).
select
  known.number,
  field.field,
  if(field.is_plain, comparable_code(carried.value), comparable_identifier(known.identifier)) as value
from temp.match_known as known
join temp.match_identifier as carried using (number, place)
join temp.match_namespace as namespace using (place)
join temp.compared_field as field on field.field = namespace.namespace
where field.is_namespace
  and known.status not in ('junk', 'generic', 'suppressed')
