-- One row per keyring in scope: a node of the graph. Numbered in the order of keyrings, so that the
-- smallest number says the same in every scope.
-- Grain: (node).
select
  cast(row_number() over (order by keyring) as integer) as node,
  keyring,
  records,
  first_seen,
  last_seen,
  is_affected
from temp.scoped_keyring
