-- One row per decision that the resolver obeys: not revoked, and confirmed by somebody else where it needs
-- two people.
-- Grain: (decision_id).
select
  decision.decision_id,
  decision.kind,
  decision.item_id,
  decision.records_l,
  decision.records_r,
  decision.identifiers_l,
  decision.identifiers_r,
  decision.value,
  decision.valid_from,
  decision.reason,
  decision.decided_by,
  decision.decided_at,
  decision.provenance,
  decision.number
from stewardship.decision as decision
where decision.kind not in ('second', 'revoke')
  and not exists (
    select 1
    from stewardship.decision as revocation
    where revocation.kind = 'revoke'
      and revocation.refers_to = decision.decision_id
  )
  and (
    not decision.needs_second
    or exists (
      select 1
      from stewardship.decision as second
      where second.kind = 'second'
        and second.refers_to = decision.decision_id
        and lower(trim(second.decided_by)) <> lower(trim(decision.decided_by))
    )
  )
