-- One row per item that decisions answer which nobody revoked: the latest of them, and what those in force say.
-- Grain: (item_id).
select
  item_id,
  arg_max(decision_id, number) as decision_id,
  bool_or(is_in_force and kind <> 'defer') as is_decided,
  bool_or(is_in_force and kind = 'defer') as is_held
from temp.standing_decision
where item_id is not null
group by item_id
