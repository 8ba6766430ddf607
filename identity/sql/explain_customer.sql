-- One row per interval of runs of a customer id, the latest first.
-- Grain: (customer_id, from_run).
select
  is_identified,
  first_seen,
  last_seen,
  redirects_to,
  from_run,
  to_run
from identity.customer
where customer_id = $customer_id
order by from_run desc
