-- One row per rejected row of a source. What a reason quotes from the row is left out: it may be contact data.
-- Grain: (file, row_number).
select row_number, file, regexp_replace(reason, '''.*''', '…', 's') as reason
from ops.reject
where source = $subject
order by file, row_number
