-- One row per customer who was sent a campaign message.
-- The rates are shares of what arrived, null where nothing did.
-- Grain: (customer_id).
with
  total as (
    select
      customer_id,
      count(*) as messages,
      count(*) filter (where is_delivered) as delivered_messages,
      count(*) filter (where is_delivered and is_opened) as opened_messages,
      count(*) filter (where is_delivered and is_clicked) as clicked_messages
    from silver.campaign_events
    where customer_id is not null
      and event_time <= $as_of
    group by customer_id
  )
select
  customer_id,
  messages,
  delivered_messages,
  opened_messages,
  clicked_messages,
  cast(opened_messages / nullif(delivered_messages, 0) as decimal(5, 4)) as open_rate,
  cast(clicked_messages / nullif(delivered_messages, 0) as decimal(5, 4)) as click_rate
from total
