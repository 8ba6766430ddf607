-- One row per node and thing that a guard counts: values of anchors, values of guard attributes, and
-- (guard 'identified', of which the value is null) whether it carries an anchor or a contact at all.
-- Grain: (node, guard, value).
with carried as (
  select node.node, observation.namespace, identifier
  from temp.node
  join identity.observation using (keyring)
  join temp.usable_identifier using (identifier)
  where usable_identifier.status in ('usable', 'alone')
    and list_contains($identifying, observation.namespace)
)
select node, namespace as guard, identifier as value
from carried
where list_contains($limited, namespace)
union all
select node.node, attribute as guard, digest(value) as value
from temp.node
join identity.keyring_attribute using (keyring)
union all
select distinct node, 'identified' as guard, cast(null as uuid) as value
from carried
