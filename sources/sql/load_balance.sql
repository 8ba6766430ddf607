-- One row: the landed rows that are not in force, as far as they matter to a landing. They arrived
-- so; were freed by batches that leave; left with these; or are replaced by what has come.
-- Grain: ().
with newly as (
  select _batch_id, _row_number
  from temp.superseded_now
  except
  select _batch_id, _row_number
  from temp.superseded_before
),

no_longer as (
  select _batch_id, _row_number
  from temp.superseded_before
  except
  select _batch_id, _row_number
  from temp.superseded_now
)

select
  (
    select count(*) from temp.superseded_now where list_contains($made, _batch_id)
  ) as arrived,
  (select count(*) from no_longer where not list_contains($retired, _batch_id)) as freed,
  (
    select count(*) from temp.superseded_before where list_contains($retired, _batch_id)
  ) as gone,
  (select count(*) from newly where not list_contains($made, _batch_id)) as replaced
