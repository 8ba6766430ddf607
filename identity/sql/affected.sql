-- One row per keyring to resolve anew: those that changes touch, those that carry an identifier whose
-- power to link has changed or that links a touched one, and all that the last run joined to any of these.
-- Grain: (keyring).
with
  first as (
    select keyring
    from temp.run_touched_keyring
    union
    select keyring
    from identity.carried
    where identifier in (
      select identifier
      from temp.run_asked
      where is_flipped
        or (status = 'usable' and coalesce(past_status, 'joined') in ('joined', 'refused', 'alone'))
    )
    union
    select keyring
    from identity.carried
    where identifier in (select identifier from temp.run_freed)
  ),
  standing as (
    select keyring, cluster
    from identity.cluster
    where keyring in (select keyring from first)
  ),
  heard as (
    select keyring, component
    from identity.contested_keyring
    where keyring in (select keyring from first)
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
from first
union
select keyring
from identity.cluster
where cluster in (select component from component)
union
select keyring
from identity.contested_keyring
where component in (select component from component)
