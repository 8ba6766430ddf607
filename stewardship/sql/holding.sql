-- One row per holder and keyring of it.
-- Grain: (holder, keyring).
with
  holder as (
    select distinct customer_id, holder
    from temp.item_side
    where customer_id is not null
  )
select holder.holder, cluster.keyring
from identity.cluster
join holder using (customer_id)
union all
-- Records alone are asked about only where a decision names them.
select distinct holder.holder, member.keyring
from identity.member
join holder using (customer_id)
where member.to_run is null
  and member.resolved_by = 'none'
  and customer_id in (
    select customer_id_l from temp.conflict
    union all
    select customer_id_r from temp.conflict
  )
union all
select item_side.holder, bridge_side.keyring
from temp.bridge_side
join temp.item_side using (item_id, side)
