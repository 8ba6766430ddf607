-- One row per identifier of a namespace whose observations expire: the younger ones that still link.
-- Grain: (ident).
select counted.ident, count(*) as keyrings, min(coded.node) as first_node
from temp.coded
join temp.counted using (ident)
join temp.node using (node)
where list_contains($expiring_tiers, coded.tier)
  and node.last_seen >= counted.links_from
group by counted.ident
