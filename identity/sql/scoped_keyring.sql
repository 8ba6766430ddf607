-- One row per keyring in scope: the affected ones, and of each value that was shared and that one of them
-- carries everybody else who carries it, with all that the last run joined to those.
-- Grain: (keyring).
with
  disputed as (
    select keyring
    from identity.carried
    where identifier in (
      select identifier
      from temp.affected_identifier
      left join temp.run_asked as asked using (identifier)
      join identity.verdict as past using (identifier)
      where past.status = 'shared'
        and coalesce(asked.status, 'usable') = 'usable'
    )
  ),
  standing as (
    select keyring, cluster
    from identity.cluster
    where keyring in (select keyring from disputed)
  ),
  heard as (
    select keyring, component
    from identity.contested_keyring
    where keyring in (select keyring from disputed)
  ),
  component as (
    select component
    from heard
    union
    select cluster as component
    from standing
    anti join heard using (keyring)
  ),
  found as (
    select keyring
    from temp.affected
    union
    select keyring
    from disputed
    union
    select keyring
    from identity.cluster
    where cluster in (select component from component)
    union
    select keyring
    from identity.contested_keyring
    where component in (select component from component)
  )
select
  keyring,
  keyring.records,
  keyring.first_seen,
  keyring.last_seen,
  affected.keyring is not null as is_affected
from identity.keyring
semi join found using (keyring)
left join temp.affected using (keyring)
