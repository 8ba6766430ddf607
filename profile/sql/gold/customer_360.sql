-- One row per identified customer: the profile that every consumer reads.
-- tier and segment are derived; source_segment and loyalty_tier are what the sources say.
-- A consent that is missing, unanswered or conflicting is a no.
-- click_events, sessions and support_tickets are renamed to say the length of their window.
-- Grain: (customer_id).
with
  consent as (
    select
      customer_id,
      bool_or(is_granted) filter (where purpose = 'marketing') as marketing_consent,
      bool_or(is_granted) filter (where purpose = 'personalization') as personalization_consent
    from silver.customer_consent
    group by customer_id
  ),
  reason as (
    select customer_id, score, rule, points, reason || ' +' || points as words
    from gold.score_reason
  ),
  score as (
    select
      customer_id,
      cast(sum(points) filter (where score = 'value') as integer) as customer_value_score,
      concat_ws(
        ', ',
        max(words) filter (where rule = 'recency'),
        max(words) filter (where rule = 'frequency'),
        max(words) filter (where rule = 'spend')
      ) as value_reasons,
      cast(sum(points) filter (where score = 'churn') as integer) as churn_risk_score,
      concat_ws(
        ', ',
        max(words) filter (where rule = 'lapse'),
        max(words) filter (where rule = 'interest'),
        max(words) filter (where rule = 'service'),
        max(words) filter (where rule = 'complaint'),
        max(words) filter (where rule = 'mail')
      ) as churn_reasons
    from reason
    group by customer_id
  ),
  scored as (
    select
      customer_id,
      coalesce(score.customer_value_score, 0) as customer_value_score,
      coalesce(score.value_reasons, '') as value_reasons,
      coalesce(score.churn_risk_score, 0) as churn_risk_score,
      coalesce(score.churn_reasons, '') as churn_reasons
    from silver.customer_profile_base
    left join score using (customer_id)
  )
select
  customer_id,
  base.is_known,
  base.loyalty_id,
  base.crm_contact_id,
  base.first_name,
  base.last_name,
  base.date_of_birth,
  base.city,
  base.postcode,
  base.country,
  base.preferred_channel,
  base.preferred_store,
  base.source_segment,
  base.loyalty_tier,
  quality.identity_quality_score,
  quality.identity_quality_reasons,
  coalesce(consent.marketing_consent, false) as marketing_consent,
  coalesce(consent.personalization_consent, false) as personalization_consent,
  metric.order_count,
  metric.total_revenue_usd,
  metric.returned_usd,
  metric.net_revenue_usd,
  metric.avg_order_value_usd,
  metric.first_order_at,
  metric.last_order_at,
  metric.days_since_last_order,
  metric.clv_usd,
  orders.home_store,
  coalesce(orders.category_diversity, 0) as category_diversity,
  coalesce(orders.channel_diversity, 0) as channel_diversity,
  orders.purchase_categories,
  metric.click_events,
  metric.sessions,
  metric.open_rate,
  metric.click_rate,
  metric.behavioural_recency_days,
  behaviour.average_engagement,
  metric.is_active_user,
  metric.is_frequent_user,
  metric.is_converter_user,
  metric.support_tickets,
  metric.open_complaints,
  metric.avg_csat,
  metric.avg_resolution_hours,
  coalesce(service.open_tickets, 0) as open_tickets,
  service.avg_first_response_minutes,
  service.avg_sentiment,
  scored.customer_value_score,
  scored.value_reasons,
  scored.churn_risk_score,
  scored.churn_reasons,
  case
    when scored.customer_value_score >= $segment_loyal_value
      and scored.churn_risk_score >= $segment_at_risk_churn then 'at_risk'
    when scored.customer_value_score >= $segment_champion_value then 'champion'
    when scored.customer_value_score >= $segment_loyal_value then 'loyal'
    when metric.days_since_first_order <= $segment_new_days then 'new'
    when metric.order_count = 0 then 'prospect'
    else 'occasional'
  end as segment,
  metric.tier,
  case
    when scored.customer_value_score >= $priority_urgent_value
      and scored.churn_risk_score >= $priority_urgent_churn then 'urgent'
    when scored.churn_risk_score >= $priority_high_churn then 'high'
    when scored.churn_risk_score >= $priority_medium_churn then 'medium'
    else 'low'
  end as retention_priority,
  base.first_seen,
  base.last_seen,
  cast($as_of as timestamp) as as_of
from silver.customer_profile_base as base
join silver.customer_metric as metric using (customer_id)
join scored using (customer_id)
left join silver.identity_quality as quality using (customer_id)
left join silver.customer_order as orders using (customer_id)
left join silver.customer_behaviour as behaviour using (customer_id)
left join silver.customer_service as service using (customer_id)
left join consent using (customer_id)
