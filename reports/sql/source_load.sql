-- One row per configured source: what its batches held, what was landed and what was rejected.
-- reject_share counts the batches in force, of each file its last version: a file that came again without its
-- mistakes has mended them. unaccounted rows are neither landed nor rejected.
-- Grain: (source).
with
  version as (
    select
      *,
      retired_in_run is null
      and run = max(run) filter (where retired_in_run is null) over (partition by source, file) as is_last
    from ops.load
  ),
  loaded as (
    select
      source,
      count(*) filter (where retired_in_run is null) as batches,
      sum(rows_read) filter (where retired_in_run is null) as rows_read,
      sum(rows_landed) filter (where retired_in_run is null) as rows_landed,
      sum(rows_rejected) filter (where retired_in_run is null) as rows_rejected,
      sum(abs(rows_read - rows_landed - rows_rejected)) as rows_unaccounted,
      sum(rows_rejected) filter (where is_last) / nullif(sum(rows_read) filter (where is_last), 0) as reject_share
    from version
    group by source
  ),
  configured as (
    select unnest(cast($sources as varchar[])) as source
  )
select
  source,
  coalesce(batches, 0) as batches,
  cast(coalesce(rows_read, 0) as bigint) as rows_read,
  cast(coalesce(rows_landed, 0) as bigint) as rows_landed,
  cast(coalesce(rows_rejected, 0) as bigint) as rows_rejected,
  cast(coalesce(rows_unaccounted, 0) as bigint) as rows_unaccounted,
  coalesce(reject_share, 0) as reject_share
from configured
left join loaded using (source)
order by list_position(cast($sources as varchar[]), source)
