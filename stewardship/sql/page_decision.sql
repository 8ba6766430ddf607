-- One row per row of the log about a review item, or about decisions that are named.
-- Grain: (decision_id).
select
  decision.decision_id,
  decision.kind,
  decision.refers_to,
  coalesce(decision.item_id, about.item_id) as item_id,
  decision.reason,
  decision.decided_by,
  decision.decided_at,
  decision.needs_second,
  decision.refers_to is null
  and not exists (
    select 1
    from stewardship.decision as revocation
    where revocation.kind = 'revoke'
      and revocation.refers_to = decision.decision_id
  ) as is_standing,
  in_force.decision_id is not null as is_in_force
from stewardship.decision as decision
left join stewardship.decision as about on about.decision_id = decision.refers_to
left join stewardship.decision_in_force as in_force on in_force.decision_id = decision.decision_id
where coalesce(decision.item_id, about.item_id) = $item_id
  or decision.decision_id in (select unnest(cast($decision_ids as varchar[])))
order by decision.number
