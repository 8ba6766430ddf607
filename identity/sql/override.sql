-- One row per value beyond what a guard allows, in a cluster that people joined: beside that cluster it is
-- counted as the last value that the guard allows.
-- Grain: (cluster, guard, value).
with
  held as (
    select distinct open_fact.cluster, open_fact.guard, open_fact.value
    from temp.open_fact
    join temp.guard using (guard)
    where open_fact.cluster in (select cluster_of.cluster from temp.cluster_of)
      and not guard.is_decided
  ),
  ranked as (
    select
      held.cluster,
      held.guard,
      held.value,
      guard.most,
      row_number() over (partition by held.cluster, held.guard order by held.value) as place
    from held
    join temp.guard using (guard)
  ),
  kept as (
    select cluster, guard, value as stands_for
    from ranked
    where place = most
  )
select ranked.cluster, ranked.guard, ranked.value, kept.stands_for
from ranked
join kept using (cluster, guard)
where ranked.place > ranked.most
