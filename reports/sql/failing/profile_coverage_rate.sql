-- One row per known customer without a profile; record_id is one of the records in the mastering source.
-- Grain: (customer_id, source).
with
  mastered as (
    select customer_id, source, record_id from silver.customers
    union all
    select customer_id, source, record_id from silver.loyalty_accounts
  )
select customer_id, source, min(record_id) as record_id
from mastered
where customer_id is null
  or customer_id not in (select profile.customer_id from gold.customer_360 as profile)
group by customer_id, source
order by customer_id, source
