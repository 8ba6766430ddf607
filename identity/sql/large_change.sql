-- One row per change that a plan names for its size: of each kind the $shown largest.
-- Grain: (kind, customer_id, other_customer_id).
select
  kind,
  customer_id,
  other_customer_id,
  greatest(records_before, records_after) as records,
  evidence
from temp.planned_change
qualify row_number() over (partition by kind order by records desc, customer_id, other_customer_id) <= $shown
order by kind, records desc, customer_id, other_customer_id
