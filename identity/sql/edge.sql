-- One row per node and usable identifier that it carries.
-- Grain: (node, identifier).
select observation.namespace, identifier, node.node
from identity.observation
join temp.usable_identifier using (identifier)
join temp.node using (keyring)
where usable_identifier.status = 'usable'
