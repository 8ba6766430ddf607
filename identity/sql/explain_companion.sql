-- One row per keyring of the customers that the given keyrings belong to, at most $most of them.
-- Grain: (keyring).
with own as (
  select distinct cluster
  from identity.cluster
  where keyring in (select unnest(cast($keyrings as uuid[])))
)
select cast(keyring as varchar) as keyring
from identity.cluster
join own using (cluster)
order by keyring
limit $most
