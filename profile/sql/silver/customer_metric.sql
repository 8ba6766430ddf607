-- One row per identified customer: everything that the scores look at. Counts and sums are never null.
-- Days are whole days of 24 hours. tier and clv_usd rest on what was bought, not on what came back.
-- Grain: (customer_id).
with
  recency as (
    select
      customer_id,
      cast(date_diff('microsecond', orders.first_order_at, $as_of) // 86400000000 as integer)
        as days_since_first_order,
      cast(date_diff('microsecond', orders.last_order_at, $as_of) // 86400000000 as integer)
        as days_since_last_order,
      cast(date_diff('microsecond', behaviour.last_session_at, $as_of) // 86400000000 as integer)
        as behavioural_recency_days
    from silver.customer_profile_base
    left join silver.customer_order as orders using (customer_id)
    left join silver.customer_behaviour as behaviour using (customer_id)
  )
select
  customer_id,
  coalesce(orders.order_count, 0) as order_count,
  coalesce(orders.total_revenue_usd, 0) as total_revenue_usd,
  coalesce(orders.returned_usd, 0) as returned_usd,
  coalesce(orders.net_revenue_usd, 0) as net_revenue_usd,
  orders.avg_order_value_usd,
  orders.first_order_at,
  orders.last_order_at,
  recency.days_since_first_order,
  recency.days_since_last_order,
  coalesce(behaviour.click_events, 0) as click_events,
  coalesce(behaviour.sessions, 0) as sessions,
  coalesce(campaign.delivered_messages, 0) as delivered_messages,
  campaign.open_rate,
  campaign.click_rate,
  coalesce(service.support_tickets, 0) as support_tickets,
  coalesce(service.open_complaints, 0) as open_complaints,
  service.avg_csat,
  service.avg_resolution_hours,
  case
    when orders.total_revenue_usd > $tier_vip_usd
      and orders.order_count > $tier_vip_orders then 'vip'
    when orders.total_revenue_usd > $tier_gold_usd
      and orders.order_count > $tier_gold_orders then 'gold'
    when orders.total_revenue_usd > $tier_silver_usd
      and orders.order_count > $tier_silver_orders then 'silver'
    when orders.total_revenue_usd > $tier_bronze_usd then 'bronze'
    else 'new'
  end as tier,
  cast(
    coalesce(orders.total_revenue_usd, 0)
    * case
      when recency.days_since_last_order <= $clv_recent_days
        then cast($clv_recent_factor as decimal(5, 3))
      when recency.days_since_last_order <= $clv_warm_days
        then cast($clv_warm_factor as decimal(5, 3))
      when recency.days_since_last_order <= $clv_cool_days
        then cast($clv_cool_factor as decimal(5, 3))
      else cast($clv_cold_factor as decimal(5, 3))
    end
    * case
      when orders.order_count > $clv_frequent_orders then cast($clv_frequent_factor as decimal(5, 3))
      when orders.order_count > $clv_regular_orders then cast($clv_regular_factor as decimal(5, 3))
      when orders.order_count > $clv_repeat_orders then cast($clv_repeat_factor as decimal(5, 3))
      else cast($clv_rare_factor as decimal(5, 3))
    end
    as decimal(18, 2)
  ) as clv_usd,
  recency.behavioural_recency_days,
  coalesce(recency.behavioural_recency_days <= $behaviour_active_days, false) as is_active_user,
  coalesce(behaviour.total_sessions > $behaviour_frequent_sessions, false) as is_frequent_user,
  coalesce(behaviour.total_conversions > 0, false) as is_converter_user
from silver.customer_profile_base
left join recency using (customer_id)
left join silver.customer_order as orders using (customer_id)
left join silver.customer_behaviour as behaviour using (customer_id)
left join silver.customer_campaign as campaign using (customer_id)
left join silver.customer_service as service using (customer_id)
