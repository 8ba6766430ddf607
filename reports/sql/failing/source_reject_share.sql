-- One row per rejected row of a source, of each file its last version. What a reason quotes from the row is left
-- out: it may be contact data.
-- Grain: (file, row_number).
with
  last_version as (
    select batch_id
    from ops.load
    where source = $subject
      and retired_in_run is null
    qualify run = max(run) over (partition by file)
  )
select row_number, file, regexp_replace(reason, '''.*''', '…', 's') as reason
from ops.reject
where source = $subject
  and batch_id in (select batch_id from last_version)
order by file, row_number
