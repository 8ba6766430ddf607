-- One row per identifier of which some observations do not link, being too old or ruled out by a decision:
-- those that do.
-- Grain: (ident).
with observed as (
  select
    counted.ident,
    coded.node,
    ruled_out.ident is null and (counted.links_from is null or node.last_seen >= counted.links_from) as is_linking
  from temp.coded
  join temp.counted using (ident)
  join temp.node using (node)
  left join temp.ruled_out using (node, ident)
  where list_contains($expiring_tiers, coded.tier)
    or coded.ident in (select ruled_out.ident from temp.ruled_out)
)
select
  ident,
  count(*) filter (where is_linking) as keyrings,
  min(node) filter (where is_linking) as first_node
from observed
group by ident
