-- One row per customer that holds what a rule has joined: it was judged as a group, once.
-- Grain: (customer_id).
with
  named as (
    select distinct unnest(records_l || records_r) as record
    from stewardship.decision_in_force
    where kind = 'merge'
      and starts_with(provenance, 'rule:')
  )
select distinct member.customer_id
from named
join identity.member as member
  on member.source = split_part(named.record, ':', 1)
  and member.record_id = substr(named.record, instr(named.record, ':') + 1)
where member.to_run is null
