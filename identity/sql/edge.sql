-- One row per node and identifier that may link it. A value that was shared before and that nothing
-- resolved anew carries is still shared.
-- Grain: (node, ident).
select coded.node, coded.ident, coded.tier
from temp.coded
join temp.seen using (ident)
anti join temp.unlinked using (node, ident)
where seen.status = 'usable'
  and not seen.stays_shared
