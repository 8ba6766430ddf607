-- One row per dead id that leads to a customer.
-- Grain: (customer_id).
select customer_id
from identity.customer
where redirects_to = $customer_id
  and to_run is null
order by customer_id
