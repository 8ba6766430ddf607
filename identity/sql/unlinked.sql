-- One row per observation that does not link, whoever the customers are: too old beside the latest of its
-- value, or ruled out by a decision.
-- Grain: (node, ident).
select coded.node, coded.ident
from temp.coded
join temp.seen using (ident)
join temp.node using (node)
where list_contains($expiring_tiers, coded.tier)
  and node.last_seen < seen.links_from
union
select node, ident
from temp.ruled_out
