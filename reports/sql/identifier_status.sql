-- One row per namespace: how many of its values have each status, and how many joins those joined made: a
-- value on n keyrings makes n - 1. What people decided is told apart.
-- Grain: (namespace).
select
  namespace,
  count(*) as identifiers,
  count(*) filter (where status = 'joined') as joined,
  cast(coalesce(sum(keyrings - 1) filter (where status = 'joined'), 0) as bigint) as joins,
  count(*) filter (where status = 'alone') as alone,
  count(*) filter (where status = 'shared') as shared,
  count(*) filter (where status = 'refused') as refused,
  count(*) filter (where status = 'generic') as generic,
  count(*) filter (where status in ('junk', 'suppressed')) as junk
from identity.identifier
where namespace <> 'decision'
group by namespace
order by list_position(cast($namespaces as varchar[]), namespace) nulls last, namespace
