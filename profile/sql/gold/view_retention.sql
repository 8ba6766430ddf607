-- One row per customer who agreed to marketing: how urgent it is to keep them, and why. profile_version is a
-- digest of what the row says.
-- Grain: (customer_id).
with
  content as (
    select
      customer_id,
      profile.marketing_consent,
      profile.personalization_consent,
      profile.preferred_channel,
      refused.refused_channels,
      profile.retention_priority,
      profile.churn_risk_score,
      profile.churn_reasons,
      profile.customer_value_score,
      profile.value_reasons,
      profile.segment,
      profile.net_revenue_usd,
      profile.last_order_at,
      profile.open_complaints,
      profile.as_of
    from gold.customer_360 as profile
    left join silver.customer_refused_channel as refused using (customer_id)
    where profile.marketing_consent
  )
select
  customer_id,
  marketing_consent,
  personalization_consent,
  preferred_channel,
  refused_channels,
  retention_priority,
  churn_risk_score,
  churn_reasons,
  customer_value_score,
  value_reasons,
  segment,
  net_revenue_usd,
  last_order_at,
  open_complaints,
  left(
    md5(
      cast(to_json({
        'customer_id': customer_id,
        'marketing_consent': marketing_consent,
        'personalization_consent': personalization_consent,
        'preferred_channel': preferred_channel,
        'refused_channels': refused_channels,
        'retention_priority': retention_priority,
        'churn_risk_score': churn_risk_score,
        'churn_reasons': churn_reasons,
        'customer_value_score': customer_value_score,
        'value_reasons': value_reasons,
        'segment': segment,
        'net_revenue_usd': net_revenue_usd,
        'last_order_at': last_order_at,
        'open_complaints': open_complaints
      }) as varchar)
    ),
    12
  ) as profile_version,
  1 as contract_version,
  60 as freshness_promise_minutes,
  as_of
from content
