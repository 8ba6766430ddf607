-- One row per identifier that may not be used, with the reason.
-- Grain: (identifier).
select value.identifier, min(suppressed_value.reason) as reason
from stewardship.suppressed_value
join identity.value using (namespace, value)
group by value.identifier
