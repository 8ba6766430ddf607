-- One row per holder and what bears its attributes: a keyring, or a record alone.
-- Grain: (holder, bearer).
with
  holder as (
    select distinct customer_id, holder
    from temp.item_side
    where customer_id is not null
  )
select holder.holder, cluster.keyring as bearer
from identity.cluster
join holder using (customer_id)
union all
select holder, bearer
from temp.lone_holding
union all
select item_side.holder, bridge_side.keyring as bearer
from temp.bridge_side
join temp.item_side using (item_id, side)
