-- One row per keyring that carries one of the given identifiers, at most $most of them.
-- Grain: (keyring).
select distinct cast(keyring as varchar) as keyring
from identity.carried
where identifier in (select unnest(cast($identifiers as uuid[])))
order by keyring
limit $most
