-- One row per customer and guard that it breaks because people decided so; the first $shown, total counts all.
-- Grain: (customer_id, guard).
select customer_id, guard, values_held, most, decisions, count(*) over () as total
from identity.overridden_guard
order by customer_id, guard
limit $shown
