-- One row per source whose rows can be late: what came too late, of all its batches in force and of
-- those of the last run that landed any, and how old the newest row of these was when it landed.
-- Grain: (source).
with
  load as (
    select
      source,
      run,
      landed_at,
      newest_event_time,
      rows_landed,
      late_rows,
      later_than_promised,
      longest_lag_seconds,
      run = max(run) over (partition by source) as is_last
    from ops.load
    where retired_in_run is null
      and late_rows is not null
  )
select
  source,
  cast(sum(rows_landed) filter (where is_last) as bigint) as last_rows,
  cast(sum(late_rows) filter (where is_last) as bigint) as last_late_rows,
  cast(sum(later_than_promised) filter (where is_last) as bigint) as last_later_than_promised,
  cast(sum(late_rows) as bigint) as late_rows,
  cast(sum(later_than_promised) as bigint) as later_than_promised,
  cast(max(longest_lag_seconds) / 3600 as decimal(18, 2)) as longest_lag_hours,
  cast(
    date_diff('second', max(newest_event_time) filter (where is_last), max(landed_at) filter (where is_last))
    / 3600 as decimal(18, 2)
  ) as processing_lag_hours
from load
where source in (select unnest(cast($sources as varchar[])))
group by source
order by list_position(cast($sources as varchar[]), source)
