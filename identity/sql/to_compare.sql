-- One row per customer that is compared anew: all of them where $is_full, else those that are new or changed, and
-- the members of blocks that were compared and no longer are, or the other way.
-- Grain: (owner).
with
  changed as (
    select numbered.owner
    from temp.fingerprint as now
    join temp.numbered as numbered using (customer_id)
    left join identity.compared_customer as past using (customer_id)
    where $is_full
      or now.fingerprint is distinct from past.fingerprint
  ),
  switched as (
    select now.place, now.key
    from temp.block as now
    join identity.block as past using (rule, key)
    where now.is_used <> past.is_used
  ),
  concerned as (
    select member.owner
    from switched
    join temp.block_member as member using (place, key)
  )
select owner
from changed
union
select owner
from concerned
