-- One row: how the resolved customers agree with the known persons, over the records that both know.
-- Pairwise: of the pairs joined, how many are right, and of the right ones, how many are joined.
-- B-cubed (Bagga and Baldwin 1998): the same asked of each record and averaged.
-- Grain: ().
with
  labelled as (
    select judged.customer_id, truth.person
    from temp.judged
    join temp.truth using (source, record_id)
    where judged.to_run is null
  ),
  cell as (
    select customer_id, person, cast(count(*) as double) as n
    from labelled
    group by customer_id, person
  ),
  found as (
    select customer_id, sum(n) as n
    from cell
    group by customer_id
  ),
  actual as (
    select person, sum(n) as n
    from cell
    group by person
  ),
  pair as (
    select
      (select coalesce(sum(n * (n - 1) / 2), 0) from cell) as right_pairs,
      (select coalesce(sum(n * (n - 1) / 2), 0) from found) as found_pairs,
      (select coalesce(sum(n * (n - 1) / 2), 0) from actual) as true_pairs
  ),
  bcubed as (
    select
      sum(cell.n * cell.n / found.n) / sum(cell.n) as bcubed_precision,
      sum(cell.n * cell.n / actual.n) / sum(cell.n) as bcubed_recall,
      count(*) filter (where cell.n = found.n and cell.n = actual.n) as exact_customers,
      cast(sum(cell.n) as bigint) as records
    from cell
    join found using (customer_id)
    join actual using (person)
  )
select
  records,
  (select count(*) from found) as customers,
  (select count(*) from actual) as persons,
  exact_customers,
  right_pairs / nullif(found_pairs, 0) as pairwise_precision,
  right_pairs / nullif(true_pairs, 0) as pairwise_recall,
  2 * right_pairs / nullif(found_pairs + true_pairs, 0) as pairwise_f1,
  bcubed_precision,
  bcubed_recall,
  2 * bcubed_precision * bcubed_recall / nullif(bcubed_precision + bcubed_recall, 0) as bcubed_f1
from pair
cross join bcubed
