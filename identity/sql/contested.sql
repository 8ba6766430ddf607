-- One row per component of eligible values whose union would break a guard.
-- Grain: (component).
with
  held as (
    select move.component, open_fact.guard, coalesce(open_fact.value, open_fact.cluster) as value
    from temp.move
    join temp.open_fact on open_fact.cluster = move.node
    join temp.guard_limit using (guard)
  ),
  suspect as (
    select component, guard
    from held
    join temp.guard_limit using (guard)
    group by component, guard
    having count(*) > any_value(most) and min(value) <> max(value)
  )
select distinct held.component
from held
join suspect using (component, guard)
join temp.guard_limit using (guard)
group by held.component, held.guard
having count(distinct held.value) > any_value(most)
