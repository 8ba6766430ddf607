-- One row per identified customer: everything that the scores look at. Counts and sums are never null.
-- Grain: (customer_id).
select
  customer_id,
  coalesce(orders.order_count, 0) as order_count,
  coalesce(orders.total_revenue_usd, 0) as total_revenue_usd,
  coalesce(orders.returned_usd, 0) as returned_usd,
  coalesce(orders.net_revenue_usd, 0) as net_revenue_usd,
  orders.avg_order_value_usd,
  orders.first_order_at,
  orders.last_order_at,
  orders.days_since_first_order,
  orders.days_since_last_order,
  coalesce(behaviour.click_events, 0) as click_events,
  coalesce(behaviour.sessions, 0) as sessions,
  coalesce(campaign.delivered_messages, 0) as delivered_messages,
  campaign.open_rate,
  campaign.click_rate,
  coalesce(service.support_tickets, 0) as support_tickets,
  coalesce(service.open_complaints, 0) as open_complaints,
  service.avg_csat,
  service.avg_resolution_hours
from silver.customer_profile_base
left join silver.customer_order as orders using (customer_id)
left join silver.customer_behaviour as behaviour using (customer_id)
left join silver.customer_campaign as campaign using (customer_id)
left join silver.customer_service as service using (customer_id)
