-- One row per item, side and namespace of which a value is its own.
-- Grain: (item_id, side, namespace).
select distinct item_side.item_id, item_side.side, held.namespace
from temp.held_identifier as held
join temp.item_side using (holder)
where held.is_own
