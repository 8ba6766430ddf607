-- One row per paid order that is due to a message: to the last that its customer opened or clicked within
-- attribution_days before. A message counts from when it was opened or clicked, or else was sent.
-- Grain: (source, record_id).
with
  touch as (
    select
      customer_id,
      campaign_id,
      event_time + coalesce(minutes_to_click, minutes_to_open, 0) * interval 1 minute as touched_at,
      source,
      record_id
    from silver.message
    where customer_id is not null
      and campaign_id is not null
      and (is_opened or is_clicked)
  )
select
  paid.source,
  paid.record_id,
  customer_id,
  paid.event_time,
  paid.revenue_usd,
  paid.returned_usd,
  touch.campaign_id,
  touch.touched_at
from silver.paid_order as paid
join touch using (customer_id)
where touch.touched_at <= paid.event_time
  and touch.touched_at + $mart_attribution_days * interval 1 day >= paid.event_time
qualify row_number() over (
  partition by paid.source, paid.record_id
  order by touch.touched_at desc, touch.source, touch.record_id
) = 1
