-- One row per pair of owners that share a block.
-- `place` is that of the first rule that finds it.
-- Grain: (owner_l, owner_r).
select l.owner as owner_l, r.owner as owner_r, min(l.place) as place
from temp.block_member as l
join temp.block_member as r using (place, key)
where l.owner < r.owner
  and l.is_used
  and r.is_used
group by l.owner, r.owner
