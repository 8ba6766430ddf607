-- One row per threshold: how many proposals reach it, and how right they are one by one, beside the pairs of labelled
-- records that are one customer already.
-- Grain: (threshold).
with
  counted as (
    select
      asked.threshold,
      count(pair.customer_id_l) as proposals,
      any_value(apart.right_ends) / 2 + coalesce(sum(pair.right_pairs), 0) as right_pairs,
      any_value(apart.found_ends) / 2 + coalesce(sum(pair.found_pairs), 0) as found_pairs,
      any_value(apart.true_ends) / 2 as true_pairs
    from temp.threshold as asked
    cross join temp.threshold_apart as apart
    left join temp.threshold_pair as pair on pair.match_probability >= asked.threshold
    group by asked.threshold
  )
select
  threshold,
  proposals,
  round(right_pairs / nullif(found_pairs, 0), 6) as "precision",
  round(right_pairs / nullif(true_pairs, 0), 6) as recall
from counted
order by threshold
