-- One row per identifier to give a verdict on: those of affected keyrings, and those asked about.
-- Grain: (identifier).
select identifier
from identity.carried
where keyring in (select keyring from temp.affected)
union
select identifier
from temp.run_asked
