-- One row per identifier that a keyring in scope carries.
-- Grain: (identifier).
select identifier, namespace, is_junk
from identity.value
where identifier in (select identifier from temp.scoped_carried)
