-- One row per published run of `c360 resolve` that changed customers, the last first: how many changes of
-- each kind it made.
-- Grain: (run).
select
  run.run,
  run.as_of,
  count(*) filter (where change.kind = 'new') as new,
  count(*) filter (where change.kind = 'merged') as merged,
  count(*) filter (where change.kind = 'split') as split,
  count(*) filter (where change.kind = 'moved') as moved,
  count(*) filter (where change.kind = 'retired') as retired
from ops.run
join identity.change using (run)
where run.command = 'resolve'
group by run.run, run.as_of
order by run.run desc
limit $shown
