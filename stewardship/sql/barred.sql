-- One row per pair of customers of whom people have said anything but that they are one: a keep_apart, a value
-- that is not shared, a question put off, a merge that was taken back, and whatever awaits its second.
-- Grain: (customer_id_l, customer_id_r).
with
  spoken as (
    select decision_id, records_l, records_r
    from temp.standing_decision
    where kind <> 'merge'
      or not is_in_force
    union all
    select merge.decision_id, merge.records_l, merge.records_r
    from stewardship.decision as merge
    join stewardship.decision as revocation on revocation.refers_to = merge.decision_id
    where merge.kind = 'merge'
      and revocation.kind = 'revoke'
      and not starts_with(revocation.provenance, 'rule:')
  ),
  named as (
    select decision_id, 'l' as side, unnest(records_l) as record
    from spoken
    union all
    select decision_id, 'r' as side, unnest(records_r) as record
    from spoken
  ),
  meant as (
    select distinct named.decision_id, named.side, member.customer_id
    from named
    join identity.member as member
      on member.source = split_part(named.record, ':', 1)
      and member.record_id = substr(named.record, instr(named.record, ':') + 1)
    where member.to_run is null
  )
select
  least(l.customer_id, r.customer_id) as customer_id_l,
  greatest(l.customer_id, r.customer_id) as customer_id_r
from meant as l
join meant as r using (decision_id)
where l.side = 'l'
  and r.side = 'r'
  and l.customer_id <> r.customer_id
union
select customer_id_l, customer_id_r
from temp.separated
