-- One row per customer who holds records of several persons; those with most wrong pairs, worst first.
-- Grain: (customer_id).
select
  customer_id,
  max(customer_records) as records,
  count(*) as persons,
  cast((max(customer_records) * max(customer_records) - sum(records * records)) / 2 as bigint) as wrong_pairs
from temp.evaluation_cell
where records < customer_records
group by customer_id
order by wrong_pairs desc, customer_id
limit $examples
