-- One row per identified customer: what a site or an app needs to know of them. Without consent to
-- personalization it says nothing but that. profile_version is a digest of what the row says.
-- Grain: (customer_id).
with
  content as (
    select
      customer_id,
      profile.marketing_consent,
      profile.personalization_consent,
      case when profile.personalization_consent then profile.preferred_channel end as preferred_channel,
      case when profile.personalization_consent then profile.segment end as segment,
      case when profile.personalization_consent then profile.customer_value_score end
        as customer_value_score,
      case when profile.personalization_consent then profile.order_count end as order_count,
      case when profile.personalization_consent then profile.last_order_at end as last_order_at,
      case when profile.personalization_consent then behaviour.last_event_at end as last_event_at,
      case when profile.personalization_consent then latest.latest_products end as latest_products,
      case when profile.personalization_consent then latest.latest_categories end
        as latest_categories,
      profile.as_of
    from gold.customer_360 as profile
    left join silver.customer_behaviour as behaviour using (customer_id)
    left join silver.customer_latest as latest using (customer_id)
  )
select
  customer_id,
  marketing_consent,
  personalization_consent,
  preferred_channel,
  segment,
  customer_value_score,
  order_count,
  last_order_at,
  last_event_at,
  latest_products,
  latest_categories,
  left(
    md5(
      cast(to_json({
        'customer_id': customer_id,
        'marketing_consent': marketing_consent,
        'personalization_consent': personalization_consent,
        'preferred_channel': preferred_channel,
        'segment': segment,
        'customer_value_score': customer_value_score,
        'order_count': order_count,
        'last_order_at': last_order_at,
        'last_event_at': last_event_at,
        'latest_products': latest_products,
        'latest_categories': latest_categories
      }) as varchar)
    ),
    12
  ) as profile_version,
  1 as contract_version,
  15 as freshness_promise_minutes,
  as_of
from content
