-- One row per gate, critical check or promise that a held run broke, the last run first ($shown runs). is_open:
-- no run of the same command has been published since.
-- Grain: (run, broken).
with
  published as (
    select command || ' (held)' as command, max(run) as run
    from ops.run
    group by command
  ),
  held as (
    select
      held_run.run,
      run.as_of,
      held_run.broken,
      held_run.run > coalesce(published.run, 0) as is_open,
      dense_rank() over (order by held_run.run desc) as place
    from ops.held_run
    join ops.run using (run)
    left join published using (command)
  )
select run, as_of, broken, is_open
from held
where place <= $shown
order by run desc, broken
