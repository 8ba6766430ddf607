-- One row per component of eligible values whose union would break a guard.
-- Grain: (component).
with
  excused as (
    select move.component, override.guard, override.value, min(override.stands_for) as stands_for
    from temp.move
    join temp.override on override.cluster = move.node
    group by move.component, override.guard, override.value
  ),
  held as (
    select
      move.component,
      open_fact.guard,
      coalesce(excused.stands_for, open_fact.value, open_fact.cluster) as value
    from temp.move
    join temp.open_fact on open_fact.cluster = move.node
    join temp.guard_limit using (guard)
    left join excused
      on excused.component = move.component
      and excused.guard = open_fact.guard
      and excused.value = open_fact.value
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
