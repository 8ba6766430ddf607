-- One row per day on which somebody decided anything and person, or rule, who did: how many decisions of each
-- kind. The last $shown days, the last first.
-- Grain: (day, steward).
with decided as (
  select
    cast(decided_at as date) as day,
    if(provenance = 'steward', decided_by, provenance) as steward,
    kind,
    dense_rank() over (order by cast(decided_at as date) desc) as place
  from stewardship.decision
  where kind not in ('second', 'revoke')
)
select
  day,
  steward,
  count(*) filter (where kind = 'merge') as merge,
  count(*) filter (where kind = 'keep_apart') as keep_apart,
  count(*) filter (where kind = 'not_shared') as not_shared,
  count(*) filter (where kind = 'defer') as put_off
from decided
where place <= $shown
group by day, steward
order by day desc, count(*) desc, steward
