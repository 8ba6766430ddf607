-- One row per gate that a held run broke, the last run first ($shown runs). is_open: no run of `c360 resolve`
-- has been published since.
-- Grain: (run, broken).
with
  published as (
    select coalesce(max(run), 0) as run
    from ops.run
    where command = 'resolve'
  ),
  held as (
    select
      held_run.run,
      run.as_of,
      held_run.broken,
      held_run.run > published.run as is_open,
      dense_rank() over (order by held_run.run desc) as place
    from ops.held_run
    join ops.run using (run)
    cross join published
  )
select run, as_of, broken, is_open
from held
where place <= $shown
order by run desc, broken
