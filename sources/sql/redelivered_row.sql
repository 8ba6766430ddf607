-- One row per landed row that came before with the same content.
-- Where rows are collapsed, a file may hold the same row twice and mean it: the second one of a file
-- is a redelivery only of the second one of another.
-- Grain: (_batch_id, _row_number).
with counted as (
  select
    *,
    case
      when $is_collapsed
        then row_number() over (partition by key, _row_hash, _batch_id order by _row_number)
      else 1
    end as occurrence
  from touched_version
  join repeated_key using (key)
),

ranked as (
  select
    _batch_id,
    _row_number,
    row_number() over (
      partition by key, _row_hash, occurrence
      order by _ingested_at, _batch_id, _row_number
    ) as place
  from counted
)

select _batch_id, _row_number
from ranked
where place > 1
