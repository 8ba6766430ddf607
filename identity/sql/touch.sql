-- One row per identifier of the tier and cluster that carries it, where it reaches two or more.
-- Grain: (ident, cluster).
with several as (
  select ident
  from temp.open_edge
  where tier = $tier
  group by ident
  having count(*) > 1
)
select ident, cluster
from temp.open_edge
join several using (ident)
