-- One row per customer that the next resolution may change, because the last one has not read a decision about
-- its records, or has obeyed one that is revoked since.
-- Grain: (customer_id).
with
  changed as (
    select decision_id
    from stewardship.decision_in_force as decision
    full join identity.read_decision using (decision_id)
    where decision.kind is null
      or read_decision.is_obeyed is null
  ),
  named as (
    select distinct unnest(decision.records_l || decision.records_r) as record
    from stewardship.decision as decision
    semi join changed using (decision_id)
    where decision.kind <> 'defer'
  )
select distinct member.customer_id
from named
join identity.member as member
  on member.source = split_part(named.record, ':', 1)
  and member.record_id = substr(named.record, instr(named.record, ':') + 1)
where member.to_run is null
