-- One row per node and usable identifier that it carries; `identifier` numbers the identifiers.
-- Grain: (node, identifier).
with numbered as (
  select
    namespace,
    value,
    cast(row_number() over (order by namespace, value) as bigint) as identifier
  from temp.usable_identifier
  where status = 'usable'
)
select numbered.namespace, numbered.identifier, numbered.value, node.node
from numbered
join identity.observation using (namespace, value)
join temp.node using (keyring)
