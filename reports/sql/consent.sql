-- One row per metric: how many known customers agreed, and where a consent is missing or overstepped.
-- Grain: (metric).
with
  build as (
    select coalesce(max(as_of), $as_of) as as_of
    from gold.customer_360
  ),
  share as (
    select
      count(*) as customers,
      count(*) filter (where marketing_consent) as marketing,
      count(*) filter (where personalization_consent) as personalization
    from gold.customer_360
    where is_known
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
  ),
  offender as (
    select 'missing_consent_count' as metric, customer_id
    from gold.customer_360
    where marketing_consent is null
      or personalization_consent is null

    union all

    select distinct 'consent_without_evidence_count', customer_id
    from claimed
    anti join granted using (customer_id, purpose)

    union all

    select 'activated_without_consent_count', candidate.customer_id
    from gold.activation_candidates as candidate
    left join gold.customer_360 as profile using (customer_id)
    where (profile.marketing_consent and profile.personalization_consent) is not true
  ),
  ranked as (
    select metric, customer_id, row_number() over (partition by metric order by customer_id) as rank
    from offender
  ),
  metric as (
    select unnest([
      'missing_consent_count',
      'consent_without_evidence_count',
      'activated_without_consent_count'
    ]) as metric
  )
select 'marketing_consent_rate' as metric, marketing / nullif(customers, 0) as value, 0 as offenders, null as named
from share
union all
select 'personalization_consent_rate', personalization / nullif(customers, 0), 0, null
from share
union all
select
  metric,
  count(customer_id),
  count(customer_id),
  string_agg(customer_id, ', ' order by rank) filter (where rank <= $shown)
from metric
left join ranked using (metric)
group by metric
