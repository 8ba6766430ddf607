-- One row per identifier that may not bring together all it touches: the first guard it would break,
-- and the smallest clusters that hold the two extreme values.
-- Grain: (identifier).
with
  counted as (
    select touch.identifier, guard, min(value) as value_l, max(value) as value_r, count(distinct value) as n
    from temp.touch
    join temp.touched_fact using (cluster)
    join temp.guard_limit using (guard)
    group by touch.identifier, guard
    having count(distinct value) > any_value(most)
  ),
  first_guard as (
    select identifier, min(rank) as rank
    from counted
    join temp.guard_limit using (guard)
    group by identifier
  ),
  broken as (
    select counted.identifier, guard, value_l, value_r, n, most
    from counted
    join temp.guard_limit using (guard)
    join first_guard using (identifier, rank)
  )
select
  broken.identifier,
  broken.guard,
  any_value(n) as n,
  any_value(most) as most,
  min(touch.cluster) filter (where touched_fact.value = value_l) as cluster_l,
  min(touch.cluster) filter (where touched_fact.value = value_r) as cluster_r
from broken
join temp.touch using (identifier)
join temp.touched_fact on touched_fact.cluster = touch.cluster and touched_fact.guard = broken.guard
group by broken.identifier, broken.guard
