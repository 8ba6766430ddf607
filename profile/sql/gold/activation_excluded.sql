-- One row per identified customer who must not be contacted: `reason` has a word for each consent
-- that is a no.
-- Grain: (customer_id).
with
  answer as (
    select
      customer_id,
      max(reason) filter (where purpose = 'marketing') as marketing,
      max(reason) filter (where purpose = 'personalization') as personalization
    from silver.customer_consent
    group by customer_id
  )
select
  customer_id,
  concat_ws(
    ', ',
    case
      when profile.marketing_consent then null
      when answer.marketing = 'withdrawn' then 'marketing_consent_withdrawn'
      when answer.marketing = 'conflicting' then 'conflicting_marketing_consent'
      else 'no_marketing_consent'
    end,
    case
      when profile.personalization_consent then null
      when answer.personalization = 'withdrawn' then 'personalization_consent_withdrawn'
      when answer.personalization = 'conflicting' then 'conflicting_personalization_consent'
      else 'no_personalization_consent'
    end
  ) as reason,
  profile.segment,
  profile.customer_value_score,
  profile.churn_risk_score,
  profile.retention_priority
from gold.customer_360 as profile
left join answer using (customer_id)
where not (profile.marketing_consent and profile.personalization_consent)
