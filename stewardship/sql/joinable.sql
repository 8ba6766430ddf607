-- One row per customer that a rule may join to another.
-- Grain: (customer_id).
select customer_id_l as customer_id
from temp.acceptable
where is_allowed
union
select customer_id_r
from temp.acceptable
where is_allowed
