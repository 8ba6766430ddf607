-- One row per keyring and value that it carries of a namespace that is compared: a keyed digest, but for what is
-- neither contact data nor hashed by its namespace. What is junk or generic stands for nobody.
-- Grain: (keyring, field, value).
select distinct
  carried.keyring,
  field.field,
  if(field.is_plain, comparable_code(value.value), comparable_identifier(carried.identifier)) as value
from temp.compared_field as field
join identity.value on value.namespace = field.field
join identity.carried using (identifier)
left join identity.verdict using (identifier)
where field.is_namespace
  and not value.is_junk
  and coalesce(verdict.status, 'alone') not in ('junk', 'generic', 'suppressed')
  and (not field.is_plain or comparable_code(value.value) is not null)
