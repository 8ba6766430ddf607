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
  component as (
    select distinct coalesce(contested_keyring.component, cluster.cluster) as component
    from first
    left join identity.cluster using (keyring)
    left join identity.contested_keyring using (keyring)
    where cluster.keyring is not null or contested_keyring.keyring is not null
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
