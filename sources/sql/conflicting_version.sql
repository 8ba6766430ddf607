-- One row per key that rows of different content bear, with two such rows.
-- Grain: (key).
select
  key,
  min({'hash': _row_hash, 'file': _file, 'row': _row_number}) as version_l,
  max({'hash': _row_hash, 'file': _file, 'row': _row_number}) as version_r
from touched_version
join repeated_key using (key)
group by key
having count(distinct _row_hash) > 1
