-- One row per customer, identified or known by traces alone: how facts are cut by who.
-- Grain: (customer_id).
select
  customer_id,
  customer.is_identified,
  coalesce(profile.is_known, false) as is_known,
  profile.city,
  profile.postcode,
  profile.country,
  profile.preferred_channel,
  profile.loyalty_tier,
  profile.source_segment,
  profile.segment,
  profile.tier,
  profile.retention_priority,
  profile.customer_value_score,
  profile.churn_risk_score,
  profile.first_order_at,
  customer.first_seen
from identity.customer as customer
left join gold.customer_360 as profile using (customer_id)
where customer.redirects_to is null
  and customer.to_run is null
