-- One row: the pairs of records that describe a person and belong to one customer.
-- Grain: ().
with
  described as (
    select distinct source, record_id
    from temp.record_value
  ),
  customer as (
    select member.customer_id, count(*) as records
    from identity.member as member
    join described using (source, record_id)
    where member.to_run is null
    group by member.customer_id
  )
select coalesce(sum(records * (records - 1) / 2), 0) as pairs
from customer
