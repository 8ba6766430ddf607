-- One row per record and interval of runs in which it belonged to one of the given
-- customers.
-- Grain: (source, record_id, from_run).
select
  source,
  record_id,
  cast(keyring as varchar) as keyring,
  customer_id,
  resolved_by,
  evidence,
  confidence,
  from_run,
  to_run
from identity.member
where customer_id in (select unnest(cast($customer_ids as varchar[])))
order by source, record_id, from_run
