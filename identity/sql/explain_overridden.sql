-- One row per guard that a customer breaks because people decided that its records are one person.
-- Grain: (guard).
select guard, values_held, most, decisions
from identity.overridden_guard
where customer_id = $customer_id
order by guard
