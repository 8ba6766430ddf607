-- One row per set of compared fields that customers have, as bits in the order of $fields, with one of them.
-- Grain: (fields).
with
  customer as (
    select customer_id, bit_or(1 << (list_position($fields, field) - 1)) as fields
    from identity.compared_value
    group by customer_id
  )
select
  cast(row_number() over (order by fields) as integer) as owner,
  fields,
  count(*) as customers,
  min(customer_id) as customer_id
from customer
group by fields
