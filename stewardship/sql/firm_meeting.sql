-- One row per keyring that several identifiers hold firmly, with the first of them.
-- Grain: (keyring).
select keyring, min(identifier) as identifier, count(*) as identifiers
from temp.firm_carried
group by keyring
having count(*) > 1
