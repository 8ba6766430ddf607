-- One row per customer who may be contacted: consent to marketing and to personalization is in force.
-- Grain: (customer_id).
select
  customer_id,
  preferred_channel as channel,
  segment,
  customer_value_score,
  churn_risk_score,
  retention_priority,
  'segment ' || replace(segment, '_', ' ')
    || ', churn risk ' || churn_risk_score || ' of 100'
    || ', retention priority ' || retention_priority as reason
from gold.customer_360
where marketing_consent
  and personalization_consent
