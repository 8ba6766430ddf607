-- One row per record and what is odd about it, with what was done: `kept` as it is, `held back` until its
-- time comes, or `quarantined`: out of silver until somebody mends it.
-- What is refused at landing stands in ops.reject.
-- Grain: (entity, source, record_id, flag).
select entity, source, record_id, event_time, flag, treatment
from silver.held_row

union all

select entity, source, record_id, event_time, 'mixed_time_zone' as flag, 'kept' as treatment
from silver.unzoned_row

union all

select
  entity,
  source,
  record_id,
  cast(null as timestamp) as event_time,
  'conflicting_duplicate' as flag,
  'kept' as treatment
from bronze.conflicting_key

union all

select 'orders', source, record_id, event_time, 'no_customer', 'kept'
from silver.orders
where customer_id is null

union all

select 'orders', source, record_id, event_time, 'unknown_status', 'kept'
from silver.orders
where not list_contains($order_statuses, coalesce(lower(trim(status)), ''))

union all

select 'orders', source, record_id, event_time, 'negative_amount', 'kept'
from silver.orders
where amount_usd < 0

union all

select 'order_items', source, record_id, event_time, 'negative_quantity', 'kept'
from silver.order_items
where quantity < 0
