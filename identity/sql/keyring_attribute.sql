-- One row per keyring and guard attribute that it carries (a person has one value of each).
-- Grain: (keyring, attribute, value).
select distinct keyring, substr(namespace, 4) as attribute, value
from temp.sighting
where namespace like 'at:%'
