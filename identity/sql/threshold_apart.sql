-- One row: what the customers as they are add to each figure. Pairs are counted by their ends, that is twice.
-- Grain: ().
select
  cast(coalesce(sum(records), 0) as bigint) as records,
  cast(coalesce(sum(records * (records - 1)), 0) as bigint) as right_ends,
  cast(coalesce(sum(records * (customer_records - 1)), 0) as bigint) as found_ends,
  cast(coalesce(sum(records * (person_records - 1)), 0) as bigint) as true_ends,
  coalesce(sum(cast(records * records / customer_records as decimal(28, 9))), 0) as bcubed_precision,
  coalesce(sum(cast(records * records / person_records as decimal(28, 9))), 0) as bcubed_recall
from temp.evaluation_cell
