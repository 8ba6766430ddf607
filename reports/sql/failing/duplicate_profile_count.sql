-- One row per customer who has more than one profile.
-- Grain: (customer_id).
select customer_id, count(*) as profiles
from gold.customer_360
group by customer_id
having count(*) > 1
order by customer_id
