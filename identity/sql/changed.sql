-- One row per keyring that changes reach first: those that they touch, and those that carry an identifier
-- whose power to link has changed or that links a touched one.
-- Grain: (keyring).
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
