-- One row per identified customer who has bought: fifths by how lately, how often and for how much, 5 the
-- best. Customers with equal figures get equal scores.
-- Grain: (customer_id).
with
  ranked as (
    select
      customer_id,
      days_since_last_order,
      order_count,
      net_revenue_usd,
      rank() over (order by days_since_last_order desc) as recency_rank,
      rank() over (order by order_count) as frequency_rank,
      rank() over (order by net_revenue_usd) as monetary_rank,
      count(*) over () as customers
    from gold.customer_360
    where order_count > 0
  ),
  scored as (
    select
      customer_id,
      days_since_last_order,
      order_count,
      net_revenue_usd,
      cast(1 + (recency_rank - 1) * 5 // customers as integer) as recency_score,
      cast(1 + (frequency_rank - 1) * 5 // customers as integer) as frequency_score,
      cast(1 + (monetary_rank - 1) * 5 // customers as integer) as monetary_score
    from ranked
  )
select
  customer_id,
  days_since_last_order,
  order_count,
  net_revenue_usd,
  recency_score,
  frequency_score,
  monetary_score,
  recency_score + frequency_score + monetary_score as rfm_score,
  case
    when recency_score >= 4 and frequency_score + monetary_score >= 8 then 'best'
    when recency_score >= 3 and frequency_score + monetary_score >= 6 then 'regular'
    when recency_score >= 4 then 'promising'
    when recency_score = 3 then 'needs_attention'
    when frequency_score + monetary_score >= 8 then 'cannot_lose'
    when frequency_score + monetary_score >= 6 then 'slipping'
    else 'asleep'
  end as rfm_segment
from scored
