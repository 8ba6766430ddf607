-- One row per large block of customers, the largest first. What fewer than $least
-- share is not shown: it could tell who they are.
-- Grain: (place, shown).
select
  rule,
  if(owners >= $least, shown, null) as shown,
  owners,
  pairs,
  status
from identity.large_block
order by pairs desc, place, shown
limit $shown
