-- One row per identified customer: what an agent needs in one look, the last orders (a JSON list), open
-- complaints, value and consents. profile_version is a digest of what the row says.
-- Grain: (customer_id).
with
  content as (
    select
      customer_id,
      profile.first_name,
      profile.last_name,
      profile.loyalty_id,
      profile.marketing_consent,
      profile.personalization_consent,
      profile.preferred_channel,
      refused.refused_channels,
      profile.segment,
      profile.customer_value_score,
      profile.order_count,
      profile.net_revenue_usd,
      latest.latest_orders,
      profile.open_complaints,
      profile.avg_csat,
      profile.as_of
    from gold.customer_360 as profile
    left join silver.customer_latest as latest using (customer_id)
    left join silver.customer_refused_channel as refused using (customer_id)
  )
select
  customer_id,
  first_name,
  last_name,
  loyalty_id,
  marketing_consent,
  personalization_consent,
  preferred_channel,
  refused_channels,
  segment,
  customer_value_score,
  order_count,
  net_revenue_usd,
  latest_orders,
  open_complaints,
  avg_csat,
  left(
    md5(
      cast(to_json({
        'customer_id': customer_id,
        'first_name': first_name,
        'last_name': last_name,
        'loyalty_id': loyalty_id,
        'marketing_consent': marketing_consent,
        'personalization_consent': personalization_consent,
        'preferred_channel': preferred_channel,
        'refused_channels': refused_channels,
        'segment': segment,
        'customer_value_score': customer_value_score,
        'order_count': order_count,
        'net_revenue_usd': net_revenue_usd,
        'latest_orders': latest_orders,
        'open_complaints': open_complaints,
        'avg_csat': avg_csat
      }) as varchar)
    ),
    12
  ) as profile_version,
  1 as contract_version,
  30 as freshness_promise_minutes,
  as_of
from content
