-- One row per profile that says yes although no source told of that consent up to the build.
-- Grain: (customer_id).
with
  build as (
    select coalesce(max(as_of), $as_of) as as_of
    from gold.customer_360
  ),
  granted as (
    select distinct customer_id, lower(trim(purpose)) as purpose
    from silver.consents
    join build on consents.event_time <= build.as_of
    where is_granted
  ),
  claimed as (
    select customer_id, 'marketing' as purpose from gold.customer_360 where marketing_consent
    union all
    select customer_id, 'personalization' from gold.customer_360 where personalization_consent
  )
select customer_id, string_agg(purpose, ', ' order by purpose) as purpose
from claimed
anti join granted using (customer_id, purpose)
group by customer_id
order by customer_id
