-- One row per column that a contract promises and a mart lacks.
-- Grain: (metric, table_name, column_name).
with
  promised as (
    select
      unnest(cast($metrics as varchar[])) as metric,
      unnest(cast($tables as varchar[])) as table_name,
      unnest(cast($columns as varchar[])) as column_name
  ),
  present as (
    select table_schema || '.' || table_name as table_name, column_name
    from information_schema.columns
    where table_catalog = 'c360'
  )
select metric, table_name, column_name
from promised
anti join present using (table_name, column_name)
order by metric, table_name, column_name
