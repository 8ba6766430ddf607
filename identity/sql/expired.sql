-- One row per observation that is too old beside the latest of its value to link.
-- Grain: (node, ident).
select coded.node, coded.ident
from temp.coded
join temp.seen using (ident)
join temp.node using (node)
where list_contains($expiring_tiers, coded.tier)
  and node.last_seen < seen.links_from
