-- One row per profile without an answer to a consent.
-- Grain: (customer_id).
select customer_id, marketing_consent, personalization_consent
from gold.customer_360
where marketing_consent is null
  or personalization_consent is null
order by customer_id
