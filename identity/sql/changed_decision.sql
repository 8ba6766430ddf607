-- One row per decision that came in force since the last run, or is no longer.
-- Grain: (decision_id).
select decision_id
from stewardship.decision_in_force as decision
full join identity.read_decision using (decision_id)
where decision.kind is null
  or read_decision.is_obeyed is null
