-- One row per source and reason for which rows were rejected, the most frequent first. What a reason
-- quotes from a row is left out: it may be contact data, and it would make every reason another.
-- Grain: (source, reason).
with
  reject as (
    select source, regexp_replace(reason, '''.*''', '…', 's') as reason, row_number
    from ops.reject
  )
select source, reason, count(*) as rows, min(row_number) as first_row
from reject
group by source, reason
order by rows desc, source, reason
limit $shown
