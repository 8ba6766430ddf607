-- One row per identifier in scope that links nobody.
-- Grain: (ident).
select ident
from temp.seen
where status not in ('usable', 'alone')
union
select ident
from temp.ruling
