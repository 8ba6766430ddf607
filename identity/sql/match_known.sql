-- One row per row of the list and identifier that it carries: what became of the identifier in the warehouse.
-- Grain: (number, place).
select
  carried.number,
  carried.place,
  carried.identifier,
  coalesce(verdict.status, 'unknown') as status,
  verdict.first_keyring
from temp.match_identifier as carried
left join identity.verdict using (identifier)
