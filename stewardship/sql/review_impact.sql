-- One row per review item: the revenue of its customers in the marts last built, and what it is worth to decide
-- it. Customers who cost more than they bring have nothing at stake but their records.
-- Grain: (item_id).
with
  stake as (
    select
      item.item_id,
      item.uncertainty,
      item.records,
      cast(coalesce(l.net_revenue_usd, 0) + coalesce(r.net_revenue_usd, 0) as decimal(18, 2)) as impact_usd
    from stewardship.review_item as item
    left join gold.customer_360 as l on l.customer_id = item.customer_id_l
    left join gold.customer_360 as r on r.customer_id = item.customer_id_r
  )
select
  item_id,
  impact_usd,
  round((greatest(cast(impact_usd as double), 0) + records) * uncertainty, 2) as priority
from stake
