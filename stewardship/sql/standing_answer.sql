-- One row per decision about a review item asked about that nobody revoked.
-- Grain: (decision_id).
select
  standing.number,
  standing.item_id,
  standing.decision_id,
  standing.kind,
  standing.value,
  standing.decided_by,
  standing.is_in_force,
  standing.records_l
from temp.standing_decision as standing
join temp.asked_item using (item_id)
order by standing.number
