-- One row per identifier that may not bring together all it touches: the first guard it would break,
-- and the smallest clusters that hold the two extreme values.
-- Grain: (ident).
with
  excused as (
    select touch.ident, override.guard, override.value, min(override.stands_for) as stands_for
    from temp.touch
    join temp.override using (cluster)
    group by touch.ident, override.guard, override.value
  ),
  -- An identified cluster counts as one, however many of its nodes are: its own number is the value.
  held as (
    select
      touch.ident,
      open_fact.guard,
      coalesce(excused.stands_for, open_fact.value, open_fact.cluster) as value,
      touch.cluster
    from temp.touch
    join temp.open_fact using (cluster)
    join temp.guard_limit using (guard)
    left join excused
      on excused.ident = touch.ident
      and excused.guard = open_fact.guard
      and excused.value = open_fact.value
  ),
  -- Counting different values is dear: first those that hold too many, alike or not.
  suspect as (
    select ident, guard, min(value) as value_l, max(value) as value_r
    from held
    join temp.guard_limit using (guard)
    group by ident, guard
    having count(*) > any_value(most) and min(value) <> max(value)
  ),
  counted as (
    select held.ident, held.guard, count(distinct held.value) as n
    from held
    join suspect using (ident, guard)
    join temp.guard_limit using (guard)
    group by held.ident, held.guard
    having count(distinct held.value) > any_value(most)
  ),
  broken as (
    select ident, min(guard) as guard
    from counted
    group by ident
  )
select
  broken.ident,
  broken.guard,
  any_value(counted.n) as n,
  min(held.cluster) filter (where held.value = suspect.value_l) as cluster_l,
  min(held.cluster) filter (where held.value = suspect.value_r) as cluster_r
from broken
join counted using (ident, guard)
join suspect using (ident, guard)
join held using (ident, guard)
group by broken.ident, broken.guard
