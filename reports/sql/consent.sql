-- One row per metric: how many known customers agreed, and how many were never asked about marketing.
-- Grain: (metric).
with
  asked as (
    select distinct customer_id
    from silver.consents
    where lower(trim(purpose)) = 'marketing'
      and is_granted is not null
      and event_time <= $as_of
  ),
  known as (
    select
      count(*) as customers,
      count(*) filter (where profile.marketing_consent) as marketing,
      count(*) filter (where profile.personalization_consent) as personalization,
      count(*) filter (where asked.customer_id is null) as unasked
    from gold.customer_360 as profile
    left join asked using (customer_id)
    where profile.is_known
  )
select 'marketing_consent_rate' as metric, marketing / nullif(customers, 0) as value, 0 as offenders, null as named
from known
union all
select 'personalization_consent_rate', personalization / nullif(customers, 0), 0, null
from known
union all
select 'unasked_marketing_share', unasked / nullif(customers, 0), unasked, null
from known
