-- One row: how many keys came into force, changed their content, and left.
-- Grain: ().
select
  count(*) filter (where gone.key is null) as inserted,
  count(*) filter (where come.content <> gone.content) as updated,
  count(*) filter (where come.key is null) as deleted
from temp.row_come as come
full join temp.row_gone as gone using (key)
