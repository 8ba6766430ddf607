-- One row per keyring of temp.seed, and all that the last run joined to any of them or refused to join.
-- Grain: (keyring).
with
  standing as (
    select keyring, cluster
    from identity.cluster
    where keyring in (select keyring from temp.seed)
  ),
  heard as (
    select keyring, component
    from identity.contested_keyring
    where keyring in (select keyring from temp.seed)
  ),
  component as (
    select component
    from heard
    union
    select cluster as component
    from standing
    anti join heard using (keyring)
  )
select keyring
from temp.seed
union
select keyring
from identity.cluster
where cluster in (select component from component)
union
select keyring
from identity.contested_keyring
where component in (select component from component)
