-- One row per living customer asked about: how many records it has, and which run made its id.
-- Grain: (customer_id).
select
  customer_id,
  max(records) filter (where to_run is null) as records,
  min(from_run) as born
from identity.customer
where customer_id in (select unnest(cast($customer_ids as varchar[])))
  and redirects_to is null
group by customer_id
having count(*) filter (where to_run is null) > 0
order by customer_id
