-- One row: how many labels and records there are, how many met, and how many customers they make.
-- Grain: ().
select
  (select count(*) from temp.truth) as labelled,
  (select count(*) from temp.judged) as resolved,
  cast(coalesce(sum(records), 0) as bigint) as records,
  count(distinct customer_id) as customers,
  count(distinct person) as persons,
  count(*) filter (where records = customer_records and records = person_records) as exact_customers,
  count(distinct customer_id) filter (where records < customer_records) as over_merged_customers,
  count(distinct person) filter (where records < person_records) as split_persons
from temp.evaluation_cell
