-- One row per proposal and guard that stands between the two: together they would hold more values than a person
-- has, and more than people have allowed either. In words.
-- Grain: (item_id, place).
with
  held as (
    select proposed.item_id, 'l' as side, limited_value.place, limited_value.value
    from temp.proposed
    join temp.limited_value on limited_value.customer_id = proposed.customer_id_l
    union all
    select proposed.item_id, 'r' as side, limited_value.place, limited_value.value
    from temp.proposed
    join temp.limited_value on limited_value.customer_id = proposed.customer_id_r
  ),
  counted as (
    select
      item_id,
      place,
      count(distinct value) as values_held,
      count(*) filter (where side = 'l') as own_l,
      count(*) filter (where side = 'r') as own_r
    from held
    group by item_id, place
  )
select
  counted.item_id,
  counted.place,
  if(guard.is_attribute, guard.guard || ' differs', guard.guard || ': ' || counted.values_held || ' values, at most ' || guard.most) as words
from counted
join temp.customer_guard as guard using (place)
where counted.values_held > greatest(guard.most, counted.own_l, counted.own_r)
