-- One row per node and thing that a guard counts: values of limited namespaces, values of guard
-- attributes, and (guard 'identified', of which the value is null) whether it carries an anchor or a
-- contact at all, or comes from a source that masters people.
-- Grain: (node, guard, value).
with carried as (
  select node.node, observation.namespace, identifier
  from temp.node
  join identity.observation using (keyring)
  join temp.usable_identifier using (identifier)
  where usable_identifier.status in ('usable', 'alone')
    and list_contains($counted, observation.namespace)
)
select node, namespace as guard, identifier as value
from carried
where list_contains($limited, namespace)
union all
select node.node, attribute as guard, digest(value) as value
from temp.node
join identity.keyring_attribute using (keyring)
union all
(
  select node, 'identified' as guard, cast(null as uuid) as value
  from carried
  where list_contains($identifying, namespace)
  union
  select node.node, 'identified' as guard, cast(null as uuid) as value
  from temp.node
  join identity.sighting using (keyring)
  where list_contains($mastering, sighting.source)
)
