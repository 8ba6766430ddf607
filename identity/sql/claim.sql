-- One row per customer of the last published run that still has records: the part that may keep its id,
-- which is the largest, else the one with the oldest record.
-- Grain: (customer_id).
with ranked as (
  select
    part,
    customer_id,
    row_number() over (partition by customer_id order by records desc, first_seen, part) as place
  from temp.holding
)
select part, customer_id
from ranked
where place = 1
