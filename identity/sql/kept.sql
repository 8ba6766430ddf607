-- One row per part that keeps an id: the oldest of those that it may keep.
-- Grain: (part).
with
  contender as (
    select part
    from temp.claim
    group by part
    having count(*) > 1
  ),
  born as (
    select claim.part, claim.customer_id, min(customer.from_run) as run
    from temp.claim
    join contender using (part)
    join identity.customer using (customer_id)
    where customer.redirects_to is null
    group by claim.part, claim.customer_id
  ),
  ranked as (
    select part, customer_id, row_number() over (partition by part order by run, customer_id) as place
    from born
  )
select part, customer_id
from ranked
where place = 1
union all
select part, customer_id
from temp.claim
anti join contender using (part)
