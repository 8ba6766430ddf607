-- One row per kind, state and assignee of review items, with how many are like that.
-- Grain: (kind, state, assignee).
select kind, state, assignee, count(*) as items
from stewardship.review_item
group by kind, state, assignee
order by kind, state, assignee
