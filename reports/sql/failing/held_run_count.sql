-- One row per reason for which a run was held since the last published one of its kind.
-- Grain: (run, broken).
with
  published as (
    select command || ' (held)' as command, max(run) as run
    from ops.run
    group by command
  )
select held_run.run, run.command, held_run.broken as reason
from ops.held_run
join ops.run using (run)
left join published using (command)
where held_run.run > coalesce(published.run, 0)
order by held_run.run, held_run.broken
