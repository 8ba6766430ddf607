-- One row per segment, the one that brings the most net revenue first.
-- Grain: (segment).
select
  segment,
  count(*) as customers,
  cast(sum(total_revenue_usd) as decimal(18, 2)) as total_revenue_usd,
  cast(sum(net_revenue_usd) as decimal(18, 2)) as net_revenue_usd,
  cast(avg(customer_value_score) as decimal(5, 1)) as customer_value_score,
  cast(avg(churn_risk_score) as decimal(5, 1)) as churn_risk_score,
  count(*) filter (where retention_priority = 'urgent') as urgent,
  count(*) filter (where marketing_consent) / count(*) as marketing_share
from gold.customer_360
group by segment
order by net_revenue_usd desc, segment
