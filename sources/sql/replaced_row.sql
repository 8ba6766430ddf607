-- One row per landed row that a later version of its key replaces.
-- Grain: (_batch_id, _row_number).
with ranked as (
  select
    _batch_id,
    _row_number,
    row_number() over (
      partition by key
      order by
        event_time desc, _ingested_at desc, _row_hash desc, _batch_id desc, _row_number desc
    ) as place
  from touched_version
  join repeated_key using (key)
)

select _batch_id, _row_number
from ranked
where place > 1
