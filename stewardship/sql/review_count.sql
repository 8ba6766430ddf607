-- One row per kind and state of review items.
-- Grain: (kind, state).
select kind, state, count(*) as items
from stewardship.review_item
group by kind, state
order by kind, state
