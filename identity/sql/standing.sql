-- One row per keyring of which at least one value can stand for a person; the others dissolve.
-- Grain: (keyring).
select
  observation.keyring,
  min(settled.rank) filter (where settled.is_linking) as rank,
  min(settled.tier) filter (where settled.is_linking) as tier,
  bool_or(settled.is_identifying and settled.is_linking) as is_identified,
  count(*) filter (where settled.is_linking) as linking,
  count(*) as carried
from identity.observation
join temp.settled_identifier as settled using (identifier)
group by observation.keyring
having count(*) filter (where settled.is_linking) > 0
