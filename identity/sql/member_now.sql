-- One row per record that this run places anew, with the customer it belongs to. A record whose keyring
-- dissolved is a customer of its own.
-- Grain: (source, record_id).
select
  record.source,
  record.record_id,
  record.keyring,
  coalesce(cluster.customer_id, lone_record.customer_id) as customer_id,
  coalesce(cluster.resolved_by, 'none') as resolved_by,
  case
    when cluster.keyring is null then 'no identifier that can stand for a person'
    else 'deterministic: ' || cluster.linking || ' of ' || cluster.carried || ' identifiers'
  end as evidence,
  coalesce(cluster.confidence, 1.00) as confidence,
  $run as from_run,
  cast(null as integer) as to_run
from temp.placed_record as record
left join temp.placed_cluster as cluster using (keyring)
left join temp.run_lone_record as lone_record
  on lone_record.source = record.source
  and lone_record.record_id = record.record_id
