-- One row per identifier that was shared and no longer is, though somebody carries it who is not affected.
-- Grain: (identifier).
select distinct code.identifier
from temp.seen
join temp.code using (ident)
join identity.verdict as past using (identifier)
join temp.coded using (ident)
join temp.node using (node)
left join temp.ruling using (ident)
where seen.is_asked
  and not node.is_affected
  and seen.status = 'usable'
  and past.status = 'shared'
  and coalesce(ruling.status, 'joined') <> 'shared'
