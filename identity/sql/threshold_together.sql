-- One row per linkage and threshold: how right it is to make each of its groups one customer. Only what lies in
-- groups is counted anew. Pairs are counted by their ends, that is twice.
-- Grain: (linkage, threshold).
with
  touched as (
    select
      grouped.linkage,
      grouped.threshold,
      grouped.cluster,
      cell.person,
      cell.records,
      cell.customer_records,
      cell.person_records
    from temp.threshold_group as grouped
    join temp.evaluation_cell as cell using (customer_id)
  ),
  before as (
    select
      linkage,
      threshold,
      sum(records * (records - 1)) as right_ends,
      sum(records * (customer_records - 1)) as found_ends,
      sum(cast(records * records / customer_records as decimal(28, 9))) as bcubed_precision,
      sum(cast(records * records / person_records as decimal(28, 9))) as bcubed_recall
    from touched
    group by linkage, threshold
  ),
  joined as (
    select
      linkage,
      threshold,
      sum(records) as records,
      sum(sum(records)) over (partition by linkage, threshold, cluster) as cluster_records,
      any_value(person_records) as person_records
    from touched
    group by linkage, threshold, cluster, person
  ),
  after as (
    select
      linkage,
      threshold,
      sum(records * (records - 1)) as right_ends,
      sum(records * (cluster_records - 1)) as found_ends,
      sum(cast(records * records / cluster_records as decimal(28, 9))) as bcubed_precision,
      sum(cast(records * records / person_records as decimal(28, 9))) as bcubed_recall
    from joined
    group by linkage, threshold
  ),
  summed as (
    select
      linkage.linkage,
      asked.threshold,
      apart.records,
      apart.right_ends + coalesce(after.right_ends - before.right_ends, 0) as right_ends,
      apart.found_ends + coalesce(after.found_ends - before.found_ends, 0) as found_ends,
      apart.true_ends,
      apart.bcubed_precision + coalesce(after.bcubed_precision - before.bcubed_precision, 0) as bcubed_precision,
      apart.bcubed_recall + coalesce(after.bcubed_recall - before.bcubed_recall, 0) as bcubed_recall
    from temp.threshold as asked
    cross join (select unnest(['average', 'components']) as linkage) as linkage
    cross join temp.threshold_apart as apart
    left join before using (linkage, threshold)
    left join after using (linkage, threshold)
  )
select
  linkage,
  threshold,
  round(right_ends / nullif(found_ends, 0), 6) as "precision",
  round(right_ends / nullif(true_ends, 0), 6) as recall,
  round(cast(bcubed_precision as double) / nullif(records, 0), 6) as bcubed_precision,
  round(cast(bcubed_recall as double) / nullif(records, 0), 6) as bcubed_recall
from summed
order by linkage, threshold
