-- One row per identifier in scope, numbered in the order of identifiers like nodes are.
-- Grain: (ident).
select
  cast(row_number() over (order by identifier) as integer) as ident,
  identifier,
  tier.tier,
  is_junk
from temp.scoped_value
join temp.tier using (namespace)
