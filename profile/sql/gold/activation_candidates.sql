-- One row per customer who may be contacted: consent to marketing and to personalization is in force, and no
-- rule of the audience keeps them out. channel: null where none is preferred; then any but refused_channels.
-- Grain: (customer_id).
select
  customer_id,
  ruling.channel,
  profile.segment,
  profile.customer_value_score,
  profile.churn_risk_score,
  profile.retention_priority,
  'segment ' || replace(profile.segment, '_', ' ')
    || ', churn risk ' || profile.churn_risk_score || ' of 100'
    || ', retention priority ' || profile.retention_priority as reason,
  ruling.refused_channels
from silver.audience_ruling as ruling
join gold.customer_360 as profile using (customer_id)
where ruling.audience = 'candidates'
  and ruling.exclusion = ''
