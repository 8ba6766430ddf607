-- One row per customer that a rule may join to others, and thing that it holds of which a group may hold few:
-- values of guards, a place in a source that lists a person once, a side of a pair that is not to be joined.
-- Grain: (customer_id, guard, value).
with
  apart as (
    select customer_id_l, customer_id_r
    from temp.barred
    union
    select customer_id_l, customer_id_r
    from temp.acceptable
    where not is_allowed
  ),
  near as (
    select customer_id_l, customer_id_r
    from apart
    where customer_id_l in (select customer_id from temp.joinable)
      and customer_id_r in (select customer_id from temp.joinable)
  )
select customer_id, cast(place as varchar) as guard, value
from temp.limited_value
semi join temp.joinable using (customer_id)
union all
select customer_id, 'source ' || source as guard, customer_id as value
from temp.listed
semi join temp.joinable using (customer_id)
union all
select customer_id_l as customer_id, customer_id_l || ' ' || customer_id_r as guard, 'l' as value
from near
union all
select customer_id_r as customer_id, customer_id_l || ' ' || customer_id_r as guard, 'r' as value
from near
