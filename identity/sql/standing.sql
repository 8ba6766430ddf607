-- One row per keyring of which at least one value can stand for a person; the others dissolve.
-- Grain: (keyring).
select
  observation.keyring,
  min(settled.sort_key) filter (where settled.status in ('joined', 'alone')) as sort_key,
  min(settled.tier) filter (where settled.status in ('joined', 'alone')) as tier,
  bool_or(settled.is_identifying and settled.status in ('joined', 'alone')) as is_identified,
  count(*) filter (where settled.status in ('joined', 'alone')) as linking,
  count(*) as carried
from identity.observation
join temp.settled_identifier as settled using (namespace, value)
group by observation.keyring
having count(*) filter (where settled.status in ('joined', 'alone')) > 0
