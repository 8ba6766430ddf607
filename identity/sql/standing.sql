-- One row per node in scope of which at least one value can stand for a person; the others dissolve.
-- Grain: (node).
with told as (
  select coded.node, coded.tier, unlinking.ident is null and unlinked.ident is null as is_linking
  from temp.coded
  left join temp.unlinking using (ident)
  left join temp.unlinked using (node, ident)
)
select
  node,
  min(tier) filter (where is_linking) as tier,
  bool_or(is_linking and list_contains($identifying_tiers, tier)) as is_identified,
  cast(count(*) filter (where is_linking) as integer) as linking,
  cast(count(*) as integer) as carried
from told
group by node
having bool_or(is_linking)
