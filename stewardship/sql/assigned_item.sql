-- One row per review item that somebody else works on than before.
-- Grain: (item_id).
select
  item.item_id,
  asked.assignee,
  if(item.state = 'open', 'assigned', item.state) as state
from temp.assignment as asked
join stewardship.review_item as item using (item_id)
where asked.assignee is distinct from item.assignee
