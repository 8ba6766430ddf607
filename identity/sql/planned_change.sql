-- One row per change of the graph that the run makes, with the records of customer_id before and after it.
-- Grain: (kind, customer_id, other_customer_id).
with
  now as (
    select customer_id, records, from_run
    from identity.customer
    where to_run is null
      and redirects_to is null
  ),
  before as (
    select customer_id, records
    from identity.customer
    where to_run = $run
      and redirects_to is null
  )
select
  change.kind,
  change.customer_id,
  change.other_customer_id,
  coalesce(before.records, if(now.from_run < $run, now.records, 0), 0) as records_before,
  coalesce(now.records, 0) as records_after,
  change.evidence
from identity.change as change
left join now using (customer_id)
left join before using (customer_id)
where change.run = $run
order by change.kind, records_after desc, change.customer_id, change.other_customer_id
