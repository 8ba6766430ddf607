-- One row per configured source that landed anything: the rows that its last landing brought.
-- Grain: (source).
select source, cast(sum(rows_landed) as bigint) as rows
from (
  select source, run, rows_landed, run = max(run) over (partition by source) as is_last
  from ops.load
)
where is_last
  and list_contains(cast($sources as varchar[]), source)
group by source
order by list_position(cast($sources as varchar[]), source)
