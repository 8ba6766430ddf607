-- One row per activation candidate without both consents in force.
-- Grain: (customer_id).
select candidate.customer_id, profile.marketing_consent, profile.personalization_consent
from gold.activation_candidates as candidate
left join gold.customer_360 as profile using (customer_id)
where (profile.marketing_consent and profile.personalization_consent) is not true
order by candidate.customer_id
