-- One row per batch of which rows were neither landed nor rejected.
-- Grain: (batch_id).
select batch_id, source, file, rows_read, rows_landed, rows_rejected
from ops.load
where rows_read <> rows_landed + rows_rejected
order by source, batch_id
