-- One row per record that describes a person, compared field and value that it has. Records are numbered.
-- Grain: (owner, field, place).
with
  described as (
    select
      record.keyring,
      told.field,
      told.value,
      dense_rank() over (order by told.source, told.record_id) as owner
    from temp.record_value as told
    join identity.record using (source, record_id)
  ),
  reached as (
    select holder.owner, contact.field, contact.value
    from (select distinct owner, keyring from described) as holder
    join temp.contact_value as contact using (keyring)
  )
select
  cast(owner as integer) as owner,
  field,
  value,
  cast(row_number() over (partition by owner, field order by value) as integer) as place
from (select owner, field, value from described union select owner, field, value from reached)
qualify place <= $most_values
