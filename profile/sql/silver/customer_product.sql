-- One row per product that a customer bought and kept, with its category at the latest purchase.
-- Grain: (customer_id, product_id).
select customer_id, product_id, category, event_time as last_bought_at
from silver.order_line
where customer_id is not null
  and product_id is not null
  and not is_returned
qualify row_number() over (
  partition by customer_id, product_id
  order by event_time desc, source, record_id
) = 1
