-- One row for the asked row of the log: whether it awaits or has a second, and who revoked it.
-- Grain: (decision_id).
select
  decision.kind,
  decision.refers_to,
  decision.decided_by,
  decision.needs_second,
  exists (
    select 1
    from stewardship.decision as confirmation
    where confirmation.kind = 'second'
      and confirmation.refers_to = decision.decision_id
      and lower(trim(confirmation.decided_by)) <> lower(trim(decision.decided_by))
  ) as is_confirmed,
  revocation.decided_by as revoked_by,
  revocation.reason as revoked_why
from stewardship.decision
left join stewardship.decision as revocation
  on revocation.kind = 'revoke'
  and revocation.refers_to = decision.decision_id
where decision.decision_id = $decision_id
