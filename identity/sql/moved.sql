-- One row per pair of customers between which records went in this run; customer_old is null for new
-- records, customer_new for those that are gone.
-- Grain: (customer_old, customer_new).
with
  before as (
    select source, record_id, customer_id
    from identity.member
    where to_run = $run
  ),
  after as (
    select source, record_id, customer_id
    from identity.member
    where from_run = $run
      and to_run is null
  )
select before.customer_id as customer_old, after.customer_id as customer_new, count(*) as records
from before
full join after using (source, record_id)
where before.customer_id is distinct from after.customer_id
group by before.customer_id, after.customer_id
