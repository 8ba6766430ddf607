-- One row per record and interval of runs in which it belonged to a customer for the same reason;
-- to_run is null for the current one.
-- Grain: (source, record_id, from_run).
with
  current_member as (
    select * from temp.current_member
  ),
  past_member as (
    select * from temp.past_member
  )
select
  current_member.source,
  current_member.record_id,
  current_member.keyring,
  current_member.customer_id,
  current_member.resolved_by,
  current_member.evidence,
  current_member.confidence,
  coalesce(past_member.from_run, $run) as from_run,
  cast(null as integer) as to_run
from current_member
left join past_member
  on past_member.source = current_member.source
  and past_member.record_id = current_member.record_id
  and past_member.customer_id = current_member.customer_id
  and past_member.evidence = current_member.evidence
  and past_member.resolved_by = current_member.resolved_by
  and past_member.to_run is null
union all
select
  past_member.source,
  past_member.record_id,
  past_member.keyring,
  past_member.customer_id,
  past_member.resolved_by,
  past_member.evidence,
  past_member.confidence,
  past_member.from_run,
  coalesce(past_member.to_run, $run) as to_run
from past_member
left join current_member
  on past_member.source = current_member.source
  and past_member.record_id = current_member.record_id
  and past_member.customer_id = current_member.customer_id
  and past_member.evidence = current_member.evidence
  and past_member.resolved_by = current_member.resolved_by
  and past_member.to_run is null
where current_member.source is null
