-- One row per customer known by traces alone: what they did before anyone knew who they are.
-- click_events and sessions are renamed to say the length of their window.
-- Grain: (customer_id).
select
  customer_id,
  visitor.records,
  visitor.sources,
  visitor.first_seen,
  visitor.last_seen,
  coalesce(behaviour.click_events, 0) as click_events,
  coalesce(behaviour.sessions, 0) as sessions,
  coalesce(orders.order_count, 0) as order_count,
  coalesce(orders.total_revenue_usd, 0) as total_revenue_usd
from identity.customer as visitor
left join silver.customer_behaviour as behaviour using (customer_id)
left join silver.customer_order as orders using (customer_id)
where not visitor.is_identified
  and visitor.redirects_to is null
  and visitor.to_run is null
