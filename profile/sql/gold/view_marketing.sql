-- One row per customer who agreed to marketing: what campaigns choose them by. What they bought is told of
-- who agreed to personalization as well. profile_version is a digest of what the row says.
-- Grain: (customer_id).
with
  content as (
    select
      customer_id,
      profile.marketing_consent,
      profile.personalization_consent,
      profile.preferred_channel,
      refused.refused_channels,
      profile.country,
      profile.city,
      profile.segment,
      profile.customer_value_score,
      profile.churn_risk_score,
      profile.order_count,
      profile.net_revenue_usd,
      profile.last_order_at,
      case when profile.personalization_consent then latest.latest_categories end
        as latest_categories,
      profile.as_of
    from gold.customer_360 as profile
    left join silver.customer_latest as latest using (customer_id)
    left join silver.customer_refused_channel as refused using (customer_id)
    where profile.marketing_consent
  )
select
  customer_id,
  marketing_consent,
  personalization_consent,
  preferred_channel,
  refused_channels,
  country,
  city,
  segment,
  customer_value_score,
  churn_risk_score,
  order_count,
  net_revenue_usd,
  last_order_at,
  latest_categories,
  left(
    md5(
      cast(to_json({
        'customer_id': customer_id,
        'marketing_consent': marketing_consent,
        'personalization_consent': personalization_consent,
        'preferred_channel': preferred_channel,
        'refused_channels': refused_channels,
        'country': country,
        'city': city,
        'segment': segment,
        'customer_value_score': customer_value_score,
        'churn_risk_score': churn_risk_score,
        'order_count': order_count,
        'net_revenue_usd': net_revenue_usd,
        'last_order_at': last_order_at,
        'latest_categories': latest_categories
      }) as varchar)
    ),
    12
  ) as profile_version,
  1 as contract_version,
  1440 as freshness_promise_minutes,
  as_of
from content
