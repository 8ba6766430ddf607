-- One row per namespace: how many of its values have each status.
-- Grain: (namespace).
select
  namespace,
  count(*) as identifiers,
  count(*) filter (where status = 'joined') as joined,
  count(*) filter (where status = 'alone') as alone,
  count(*) filter (where status = 'shared') as shared,
  count(*) filter (where status = 'refused') as refused,
  count(*) filter (where status = 'generic') as generic,
  count(*) filter (where status in ('junk', 'suppressed')) as junk
from identity.identifier
group by namespace
order by list_position(cast($namespaces as varchar[]), namespace) nulls last, namespace
