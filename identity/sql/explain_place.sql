-- One row per given keyring: the customer that it belongs to (null: it has dissolved) and one of its
-- records.
-- Grain: (keyring).
with asked as (
  select unnest(cast($keyrings as uuid[])) as keyring
)
select
  cast(record.keyring as varchar) as keyring,
  any_value(cluster.customer_id) as customer_id,
  min(record.source || ':' || record.record_id) as record
from identity.record
join asked using (keyring)
left join identity.cluster using (keyring)
group by record.keyring
order by record.keyring
