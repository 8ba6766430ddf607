-- One row per decision in force that names one of the given records or identifiers, and per one of the given
-- ids: what the last run obeyed may be revoked since.
-- Grain: (decision_id).
with
  named as (
    select
      decision_id,
      unnest(list_concat(records_l, records_r)) as record,
      unnest(list_concat(identifiers_l, identifiers_r)) as identifier
    from stewardship.decision_in_force
  ),
  asked as (
    select decision_id
    from named
    where record in (select unnest(cast($records as varchar[])))
      or identifier in (select unnest(cast($identifiers as varchar[])))
    union
    select unnest(cast($decision_ids as varchar[])) as decision_id
  )
select
  decision.decision_id,
  decision.kind,
  decision.records_l,
  decision.identifiers_l,
  decision.records_r,
  decision.identifiers_r,
  decision.value,
  decision.valid_from,
  decision.reason,
  decision.decided_by,
  decision.decided_at,
  decision.provenance,
  in_force.decision_id is not null as is_in_force,
  coalesce(obeyed.is_obeyed, false) as is_obeyed
from stewardship.decision
semi join asked using (decision_id)
left join stewardship.decision_in_force as in_force using (decision_id)
left join identity.read_decision as obeyed using (decision_id)
order by decision.number
