-- One row per item and side of it. What a side has is told of its holder, by number: a customer, or the half of
-- one. A customer of several items is one holder.
-- Grain: (item_id, side).
with
  customers as (
    select item_id, customer_id_l, customer_id_r
    from temp.pair
    union all
    select item_id, customer_id_l, customer_id_r
    from temp.conflict
    union all
    select item_id, customer_id_l, customer_id_r
    from temp.probable
    anti join temp.pair using (item_id)
  ),
  sided as (
    select item_id, 'l' as side, customer_id_l as name, customer_id_l as customer_id
    from customers
    union all
    select item_id, 'r' as side, customer_id_r as name, customer_id_r as customer_id
    from customers
    union all
    select distinct item_id, side, item_id || side as name, cast(null as varchar) as customer_id
    from temp.bridge_side
  )
select item_id, side, customer_id, dense_rank() over (order by name) as holder
from sided
