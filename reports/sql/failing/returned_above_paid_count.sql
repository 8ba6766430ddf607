-- One row per order for which more was given back than was paid. Of an order below zero nothing was paid.
-- Grain: (source, record_id).
select record_id, source, revenue_usd, returned_usd
from silver.paid_order
where returned_usd > greatest(revenue_usd, 0)
order by returned_usd - revenue_usd desc, source, record_id
