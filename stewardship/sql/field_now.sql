-- One row per item and field that a side of it has. Of several values of a side one in common is agreement.
-- Grain: (item_id, field).
with
  item as (
    select l.item_id, l.holder as holder_l, r.holder as holder_r
    from temp.item_side as l
    join temp.item_side as r using (item_id)
    where l.side = 'l'
      and r.side = 'r'
  ),
  place as (
    select item.item_id, item.holder_l, item.holder_r, field.place, field.field
    from item
    cross join temp.field
  )
select
  place.item_id,
  place.field,
  place.place,
  l.text as value_l,
  r.text as value_r,
  list_has_any(l.compared, r.compared) as is_agreeing
from place
left join temp.holder_field as l
  on l.holder = place.holder_l
  and l.place = place.place
left join temp.holder_field as r
  on r.holder = place.holder_r
  and r.place = place.place
where l.text is not null
  or r.text is not null
