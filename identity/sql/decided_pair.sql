-- One row per decision on two records that are in force, by their nodes. `guard` is its number among the
-- guards, after those of the configuration.
-- Grain: (decision_id).
select
  pair.decision_id,
  pair.kind,
  cast(
    (select max(guard.guard) from temp.guard) + row_number() over (order by pair.decision_id) as integer
  ) as guard,
  node_l.node as node_l,
  node_r.node as node_r
from stewardship.record_pair as pair
join identity.record as record_l
  on record_l.source = pair.source_l
  and record_l.record_id = pair.record_id_l
join identity.record as record_r
  on record_r.source = pair.source_r
  and record_r.record_id = pair.record_id_r
join temp.node as node_l on node_l.keyring = record_l.keyring
join temp.node as node_r on node_r.keyring = record_r.keyring
