-- One row per holder and field of it: its values to compare, and as they are shown, those above $most_told
-- counted.
-- Grain: (holder, place).
with
  counted as (
    select holder, place, any_value(value) as value, any_value(text) as text, count(*) as values_held
    from temp.told
    group by holder, place
  ),
  -- Few have several, and to put values in order is dear.
  ranked as (
    select
      told.holder,
      told.place,
      told.value,
      told.text,
      row_number() over (partition by told.holder, told.place order by told.text, told.value) as rank
    from temp.told
    semi join (from counted where values_held > 1) using (holder, place)
  )
select holder, place, [value] as compared, text
from counted
where values_held = 1
union all
select
  holder,
  place,
  list(value) as compared,
  string_agg(text, ' | ' order by rank) filter (where rank <= $most_told)
    || if(count(*) > $most_told, ' | +' || count(*) - $most_told || ' more', '') as text
from ranked
group by holder, place
