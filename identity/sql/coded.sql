-- One row per node and identifier that it carries, both by their numbers.
-- Grain: (node, ident).
select node.node, code.ident, code.tier
from temp.scoped_carried
join temp.node using (keyring)
join temp.code using (identifier)
