-- One row per customer, compared field and value that its records have: those of most records, and at most
-- $most_values. Customers of whom nothing but contact data is known are not compared.
-- Grain: (customer_id, field, place).
with
  member as (
    select source, record_id, keyring, customer_id
    from identity.member
    where to_run is null
  ),
  described as (
    select member.customer_id, told.field, told.value, count(*) as records
    from temp.record_value as told
    join member using (source, record_id)
    group by member.customer_id, told.field, told.value
  ),
  reached as (
    select holder.customer_id, contact.field, contact.value, count(*) as records
    from (select distinct customer_id, keyring from member) as holder
    semi join described using (customer_id)
    join temp.contact_value as contact using (keyring)
    group by holder.customer_id, contact.field, contact.value
  )
select
  customer_id,
  field,
  value,
  cast(row_number() over (partition by customer_id, field order by records desc, value) as integer) as place
from (from described union all from reached)
qualify place <= $most_values
