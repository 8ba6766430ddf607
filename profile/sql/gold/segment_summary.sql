-- One row per segment that has customers; the columns add up to those of customer_360.
-- Grain: (segment).
select
  segment,
  count(*) as customers,
  cast(sum(order_count) as bigint) as paid_orders,
  cast(sum(total_revenue_usd) as decimal(18, 2)) as total_revenue_usd,
  cast(sum(returned_usd) as decimal(18, 2)) as returned_usd,
  cast(sum(net_revenue_usd) as decimal(18, 2)) as net_revenue_usd,
  cast(avg(customer_value_score) as decimal(5, 2)) as avg_customer_value_score,
  cast(avg(churn_risk_score) as decimal(5, 2)) as avg_churn_risk_score,
  count(*) filter (where retention_priority = 'urgent') as urgent_retention_customers,
  cast(count(*) filter (where marketing_consent) / count(*) as decimal(5, 4)) as marketing_consent_rate,
  cast(count(*) filter (where personalization_consent) / count(*) as decimal(5, 4))
    as personalization_consent_rate
from gold.customer_360
group by segment
