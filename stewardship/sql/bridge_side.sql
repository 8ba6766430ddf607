-- One row per keyring of a customer that falls apart into anchored halves without a contact or trace value, with
-- its side: the half with the most records is `l`, what is left of the other anchored ones `r`. What hangs on
-- the value alone stays with the larger.
-- Grain: (item_id, keyring).
with
  placed as (
    select
      torn.bridge,
      torn.keyring,
      torn.customer_id,
      coalesce(label.component, torn.node) as component,
      keyring.records,
      coalesce(part.has_anchor, false) as has_anchor
    from temp.torn_keyring as torn
    join identity.keyring as keyring using (keyring)
    left join temp.torn_component as label using (node)
    left join temp.anchored_part as part using (keyring)
  ),
  half as (
    select
      bridge,
      component,
      row_number() over (partition by bridge order by sum(records) desc, min(keyring)) as place
    from placed
    group by bridge, component
    having bool_or(has_anchor)
  ),
  cut as (
    select bridge
    from half
    where place = 2
  )
select
  item_id_of(['cut', placed.customer_id, value.namespace || ':' || value.value]) as item_id,
  placed.customer_id,
  placed.bridge as identifier,
  placed.keyring,
  if(half.place > 1, 'r', 'l') as side
from placed
semi join cut using (bridge)
join identity.value as value on value.identifier = placed.bridge
left join half using (bridge, component)
