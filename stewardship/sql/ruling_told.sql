-- One row per ruling with whom its sides mean.
-- Grain: (ruling).
select
  ruling.ruling,
  ruling.kind,
  ruling.decision_id,
  ruling.decided_by,
  coalesce(side_l.nodes, []) as people_l,
  coalesce(side_r.nodes, []) as people_r
from temp.ruling
left join temp.ruling_side as side_l
  on side_l.ruling = ruling.ruling
  and side_l.side = 'l'
left join temp.ruling_side as side_r
  on side_r.ruling = ruling.ruling
  and side_r.side = 'r'
order by ruling.ruling
