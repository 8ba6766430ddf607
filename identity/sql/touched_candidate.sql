-- One row per pair of owners that share a block and of which one at least is compared anew.
-- Grain: (owner_l, owner_r).
select
  least(anew.owner, other.owner) as owner_l,
  greatest(anew.owner, other.owner) as owner_r,
  min(anew.place) as place
from temp.block_member as anew
semi join temp.to_compare as compared on compared.owner = anew.owner
join temp.block_member as other using (place, key)
where anew.owner <> other.owner
  and anew.is_used
group by owner_l, owner_r
