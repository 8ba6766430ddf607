-- One row per keyring and identifier that holds it firmly.
-- Grain: (keyring, identifier).
select carried.keyring, carried.identifier
from temp.firm
join identity.carried using (identifier)
anti join temp.idle_observation as idle
  on idle.keyring = carried.keyring
  and idle.identifier = carried.identifier
