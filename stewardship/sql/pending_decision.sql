-- One row per decision of a kind that nobody revoked and that names records of both given sides. Asked of sides
-- of which the last run says the opposite: no run has obeyed it yet, or it awaits its second.
-- Grain: (decision_id).
select decision_id, is_in_force
from temp.standing_decision
where kind = $kind
  and (
    (list_has_any(records_l, $records_l) and list_has_any(records_r, $records_r))
    or (list_has_any(records_l, $records_r) and list_has_any(records_r, $records_l))
  )
order by number
