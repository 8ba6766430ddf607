-- One row per customer of more records than `checks.max_cluster_records`.
-- Grain: (customer_id).
select customer_id, records
from identity.customer
where redirects_to is null
  and to_run is null
  and records > $max_cluster_records
order by records desc, customer_id
