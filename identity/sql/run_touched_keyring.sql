-- One row per keyring of which a record came or went.
-- Grain: (keyring).
select keyring_old as keyring
from temp.run_changed_record
where keyring_old is not null
union
select keyring_new as keyring
from temp.run_changed_record
where keyring_new is not null
