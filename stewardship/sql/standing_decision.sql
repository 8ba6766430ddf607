-- One row per decision about two sides that nobody revoked, also one that awaits its second.
-- Grain: (decision_id).
select
  decision.number,
  decision.decision_id,
  decision.kind,
  decision.item_id,
  decision.records_l,
  decision.records_r,
  decision.identifiers_l,
  decision.identifiers_r,
  decision.value,
  decision.reason,
  decision.decided_by,
  decision.decided_at,
  in_force.decision_id is not null as is_in_force
from stewardship.decision as decision
left join stewardship.decision_in_force as in_force using (decision_id)
left join stewardship.decision as revocation
  on revocation.kind = 'revoke'
  and revocation.refers_to = decision.decision_id
where decision.refers_to is null
  and revocation.decision_id is null
order by decision.number
