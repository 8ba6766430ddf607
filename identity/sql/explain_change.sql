-- One row per change of the graph that a customer id took part in.
-- Grain: (run, kind, customer_id, other_customer_id).
select run, kind, customer_id, other_customer_id, evidence
from identity.change
where customer_id = $customer_id
  or other_customer_id = $customer_id
order by run, kind, customer_id, other_customer_id
