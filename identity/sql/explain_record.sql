-- One row per interval of runs in which a record belonged to a customer, the latest first.
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
where record_id = $record_id
  and source = $source
order by from_run desc
