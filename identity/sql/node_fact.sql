-- One row per node and thing that a guard counts: values of anchors, values of guard attributes, and
-- (guard 'identified') whether it carries an anchor or a contact at all.
-- Grain: (node, guard, value).
with carried as (
  select node.node, observation.namespace, observation.value
  from temp.node
  join identity.observation using (keyring)
  join temp.usable_identifier using (namespace, value)
  where usable_identifier.status in ('usable', 'alone')
)
select node, namespace as guard, value
from carried
where list_contains($limited, namespace)
union all
select node.node, attribute as guard, value
from temp.node
join identity.keyring_attribute using (keyring)
union all
select distinct node, 'identified' as guard, cast(node as varchar) as value
from carried
where list_contains($identifying, namespace)
