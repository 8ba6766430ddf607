-- One row per observation in scope that decisions rule out, by its numbers.
-- Grain: (node, ident).
select node.node, code.ident
from identity.disowned
join temp.node using (keyring)
join temp.code using (identifier)
