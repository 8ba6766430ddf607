-- One row per source that the last build has read: what it landed, how much of that later versions replace, its
-- rows in silver, the batches in force that the build has not read, and whether it replayed an earlier moment.
-- Grain: (source).
with
  batch as (
    select source, batch_id, any_value(rows_landed) as rows_landed
    from ops.load
    group by source, batch_id
  ),
  read as (
    select source, sum(rows_landed) as landed, sum(read_batch.superseded) as superseded, max(newest) as newest
    from ops.read_batch as read_batch
    join batch using (source, batch_id)
    group by source
  ),
  build as (
    select max_by(as_of, run) as as_of
    from ops.run
    where command = 'build'
  ),
  unread as (
    select source, count(*) as batches
    from ops.load as load
    anti join ops.read_batch as read_batch using (source, batch_id)
    where load.retired_in_run is null
    group by source
  )
select
  source,
  cast(read.landed as bigint) as landed,
  cast(read.superseded as bigint) as superseded,
  coalesce(quality.rows, 0) as rows,
  coalesce(unread.batches, 0) as unread,
  coalesce(read.newest > build.as_of, false) as is_replay
from read
cross join build
left join temp.run_row_quality as quality using (source)
left join unread using (source)
order by source
