-- One row per key that more than one landed row of a source bears; where rows are collapsed, such
-- rows of one file belong together, and only those of several files may be redelivered.
-- Grain: (key).
select key
from touched_version
group by key
having
  count(*) > 1
  and (not $is_collapsed or min(_batch_id) <> max(_batch_id))
