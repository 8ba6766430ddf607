-- One row per compared customer: a digest of what it has, and of the model and ladders that it is compared by.
-- Grain: (customer_id).
select
  customer_id,
  digest(
    $under || chr(30)
    || string_agg(field || chr(31) || cast(place as varchar) || chr(31) || value, chr(30) order by field, place)
  ) as fingerprint
from temp.compared_now
group by customer_id
