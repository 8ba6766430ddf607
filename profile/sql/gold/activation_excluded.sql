-- One row per audience and identified customer who is not in it: `reason` has a word for each consent that is
-- a no, for a channel that nobody may use, for the condition of the audience and for each rule that holds.
-- Grain: (audience, customer_id).
select
  customer_id,
  ruling.exclusion as reason,
  profile.segment,
  profile.customer_value_score,
  profile.churn_risk_score,
  profile.retention_priority,
  ruling.audience
from silver.audience_ruling as ruling
join gold.customer_360 as profile using (customer_id)
where ruling.exclusion <> ''
