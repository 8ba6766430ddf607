-- One row per customer and attribute: the value that survives, which is the latest one.
-- Where two are equally late, the first source and record by name wins.
-- Grain: (customer_id, attribute).
select customer_id, attribute, value, source, record_id, event_time
from silver.customer_attribute
qualify row_number() over (
  partition by customer_id, attribute
  order by event_time desc nulls last, source, record_id
) = 1
