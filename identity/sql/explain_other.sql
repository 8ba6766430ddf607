-- One row per given record (source:record_id) that is in force, with the customer that it belongs to.
-- Grain: (record).
with asked as (
  select
    record,
    split_part(record, ':', 1) as source,
    substr(record, instr(record, ':') + 1) as record_id
  from (select distinct unnest(cast($records as varchar[])) as record)
)
select asked.record, member.customer_id
from identity.member
join asked
  on asked.source = member.source
  and asked.record_id = member.record_id
where member.to_run is null
order by asked.record
