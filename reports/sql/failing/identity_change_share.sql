-- One row per change that the last run of `c360 resolve` made to customers published before.
-- Grain: (kind, customer_id, other_customer_id).
select customer_id, kind, other_customer_id
from identity.change
where run = (select max(run.run) from ops.run where run.command = 'resolve')
  and kind <> 'new'
order by customer_id, kind, other_customer_id
