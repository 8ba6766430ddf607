-- One row per record with the customer it belongs to. A record whose keyring dissolved is a customer
-- of its own.
-- Grain: (source, record_id).
select
  record.source,
  record.record_id,
  record.keyring,
  coalesce(cluster.customer_id, record_customer_id(record.source, record.record_id)) as customer_id,
  coalesce(cluster.resolved_by, 'none') as resolved_by,
  case
    when cluster.keyring is null then 'no identifier that can stand for a person'
    else 'deterministic: ' || cluster.linking || ' of ' || cluster.carried || ' identifiers'
  end as evidence,
  coalesce(cluster.confidence, 1.00) as confidence
from identity.record
left join identity.cluster using (keyring)
