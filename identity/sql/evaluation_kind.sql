-- One row per kind of person: how many persons the figures cannot tell apart, and what each adds to them.
-- Pairs are counted by their ends: a pair of two persons adds one half to each of them, so that every
-- figure is a ratio of sums over persons. Sums of decimals do not depend on the order of the rows.
-- Grain: (records, right_pairs, found_pairs, bcubed_precision, bcubed_recall, is_exact).
with
  person as (
    select
      person,
      sum(records) as records,
      sum(records * (records - 1)) as right_ends,
      sum(records * (customer_records - 1)) as found_ends,
      sum(cast(records * records / customer_records as decimal(28, 9))) as bcubed_precision,
      sum(cast(records * records / person_records as decimal(28, 9))) as bcubed_recall,
      count(*) = 1 and min(customer_records) = min(person_records) as is_exact
    from temp.evaluation_cell
    group by person
  )
select
  count(*) as persons,
  cast(records as double) as records,
  cast(right_ends as double) / 2 as right_pairs,
  cast(found_ends as double) / 2 as found_pairs,
  cast(records as double) * (cast(records as double) - 1) / 2 as true_pairs,
  cast(bcubed_precision as double) as bcubed_precision,
  cast(bcubed_recall as double) as bcubed_recall,
  case when is_exact then 1.0 else 0.0 end as is_exact
from person
group by records, right_ends, found_ends, bcubed_precision, bcubed_recall, is_exact
order by records, right_ends, found_ends, bcubed_precision, bcubed_recall, is_exact
