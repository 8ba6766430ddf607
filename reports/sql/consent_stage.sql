-- One row per step from all profiles to those that may be contacted, and how many of them are known.
-- Grain: (stage).
with
  profile as (
    select customer_id, is_known, marketing_consent, personalization_consent
    from gold.customer_360
  )
select 1 as stage, 'Profiles' as label, count(*) as customers, count(*) filter (where is_known) as known
from profile
union all
select 2, 'Yes to marketing', count(*), count(*) filter (where is_known)
from profile
where marketing_consent
union all
select 3, 'Yes to personalization as well', count(*), count(*) filter (where is_known)
from profile
where marketing_consent
  and personalization_consent
union all
select 4, 'Activation candidates', count(*), count(*) filter (where profile.is_known)
from gold.activation_candidates
left join profile using (customer_id)
order by stage
