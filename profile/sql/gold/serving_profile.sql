-- One row per identified customer: the little that an application looks up. profile_version is a digest
-- of what it says, so it changes exactly when that does.
-- Grain: (customer_id).
select
  customer_id,
  marketing_consent,
  personalization_consent,
  customer_value_score,
  churn_risk_score,
  segment,
  retention_priority,
  left(
    md5(
      concat_ws(
        '|',
        marketing_consent,
        personalization_consent,
        customer_value_score,
        churn_risk_score,
        segment,
        retention_priority
      )
    ),
    12
  ) as profile_version,
  as_of
from gold.customer_360
