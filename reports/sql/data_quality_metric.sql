-- One row per configured source: how good the records are that its batches in force hold.
-- invalid: rejected, or with a cell that cannot be right; duplicate: came again although the source never
-- changes rows; null: lack a time or a cell that must be there. A record counts once, as the first of these.
-- quality_score is 100 times the valid share, rounded down. processing_time_seconds is the time of the last
-- landing, in proportion to the rows that each source brought.
-- Grain: (source_system).
with
  configured as (
    select
      unnest(cast($sources as varchar[])) as source,
      unnest(cast($entities as varchar[])) as entity
  ),
  loaded as (
    select
      source,
      sum(rows_read) as rows_read,
      sum(rows_rejected) as rows_rejected,
      max(run) as run,
      max_by(rows_of_run, run) as last_rows
    from (
      select
        source,
        run,
        rows_read,
        rows_rejected,
        sum(rows_read) over (partition by source, run) as rows_of_run
      from ops.load
      where retired_in_run is null
    )
    group by source
  ),
  landing as (
    select step.run, sum(step.seconds) / nullif(any_value(brought.rows), 0) as seconds_a_row
    from ops.step as step
    join (select run, sum(rows_read) as rows from ops.load group by run) as brought using (run)
    where step.step = 'bronze.*'
    group by step.run
  ),
  doubled as (
    select source, count(*) as rows
    from bronze.superseded_row
    where list_contains(cast($unchanging as varchar[]), source)
    group by source
  ),
  counted as (
    select
      configured.source,
      configured.entity,
      coalesce(loaded.rows_read, 0) as total,
      coalesce(loaded.rows_rejected, 0) + coalesce(quality.invalid, 0) as invalid,
      coalesce(doubled.rows, 0) as doubled,
      coalesce(quality.empty, 0) as empty,
      landing.seconds_a_row * loaded.last_rows as seconds
    from configured
    left join loaded using (source)
    left join temp.run_row_quality as quality using (source)
    left join doubled using (source)
    left join landing on landing.run = loaded.run
  )
select
  cast($run as integer) as run,
  source as source_system,
  'silver.' || entity as table_name,
  cast($as_of as date) as metric_date,
  cast(total as bigint) as total_records,
  cast(greatest(total - invalid - doubled - empty, 0) as bigint) as valid_records,
  cast(invalid as bigint) as invalid_records,
  doubled as duplicate_records,
  empty as null_records,
  cast(floor(10000 * greatest(total - invalid - doubled - empty, 0) / nullif(total, 0)) / 100 as decimal(5, 2))
    as quality_score,
  round(seconds, 3) as processing_time_seconds
from counted
