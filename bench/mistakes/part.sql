-- One row per customer and person who have records in common, where either has more records elsewhere.
-- Grain: (part).
select
  row_number() over (order by customer_id, person) as part,
  customer_id,
  person,
  records
from temp.evaluation_cell
where records < customer_records or records < person_records
