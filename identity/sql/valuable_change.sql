-- One row per change that a plan names for its value: the $shown whose customers brought most revenue in
-- the marts last built.
-- Grain: (kind, customer_id, other_customer_id).
with
  touched as (
    select kind, customer_id, other_customer_id, evidence, customer_id as customer
    from temp.planned_change
    union all
    select kind, customer_id, other_customer_id, evidence, other_customer_id as customer
    from temp.planned_change
  )
select
  touched.kind,
  touched.customer_id,
  touched.other_customer_id,
  sum(customer_360.net_revenue_usd) as revenue_usd,
  touched.evidence
from touched
join gold.customer_360 as customer_360 on customer_360.customer_id = touched.customer
group by touched.kind, touched.customer_id, touched.other_customer_id, touched.evidence
having sum(customer_360.net_revenue_usd) > 0
order by revenue_usd desc, touched.kind, touched.customer_id, touched.other_customer_id
limit $shown
