-- One row per compared field and value: the share of the records that have the field which have this value.
-- What one record alone has is left out: nobody shares it.
-- Grain: (field, value).
with
  counted as (
    select field, value, count(*) as records
    from temp.training_value
    where place = 1
      and list_contains($fields, field)
    group by field, value
  ),
  total as (
    select field, sum(records) as records
    from counted
    group by field
  )
select counted.field, counted.value, round(counted.records / total.records, 12) as frequency
from counted
join total using (field)
where counted.records > 1
