-- One row per row of the list that has every part of a match key.
-- Grain: (number).
with
  part as (
    select unnest($parts) as attribute, generate_subscripts($parts, 1) as place
  )
select told.number, string_agg(told.value, chr(31) order by part.place) as value
from part
join temp.match_attribute as told using (attribute)
group by told.number
having count(*) = len($parts)
