-- One row per customer who was sent a campaign message.
-- The rates are shares of what arrived, null where nothing did; a channel's share is one of all messages.
-- Grain: (customer_id).
with
  total as (
    select
      customer_id,
      count(*) as messages,
      count(*) filter (where is_delivered) as delivered_messages,
      count(*) filter (where is_opened) as opened_messages,
      count(*) filter (where is_clicked) as clicked_messages,
      count(*) filter (where is_unsubscribed) as unsubscribed_messages,
      count(*) filter (where is_bounced) as bounced_messages,
      count(*) filter (where is_redeemed) as redeemed_messages,
      count(*) filter (where is_converted) as converted_messages,
      count(*) filter (where channel = 'email') as email_messages,
      count(*) filter (where channel = 'sms') as sms_messages,
      count(*) filter (where channel = 'push') as push_messages,
      sum(minutes_to_open) as minutes_to_open,
      count(minutes_to_open) as timed_messages,
      min(event_time) as first_message_at,
      max(event_time) as last_message_at,
      max(event_time) filter (where is_opened or is_clicked) as last_engaged_at
    from silver.message
    where customer_id is not null
    group by customer_id
  )
select
  customer_id,
  messages,
  delivered_messages,
  opened_messages,
  clicked_messages,
  cast(opened_messages / nullif(delivered_messages, 0) as decimal(5, 4)) as open_rate,
  cast(clicked_messages / nullif(delivered_messages, 0) as decimal(5, 4)) as click_rate,
  unsubscribed_messages,
  bounced_messages,
  redeemed_messages,
  converted_messages,
  cast(email_messages / messages as decimal(5, 4)) as email_share,
  cast(sms_messages / messages as decimal(5, 4)) as sms_share,
  cast(push_messages / messages as decimal(5, 4)) as push_share,
  cast((messages - email_messages - sms_messages - push_messages) / messages as decimal(5, 4)) as other_share,
  cast(minutes_to_open / nullif(timed_messages, 0) as decimal(18, 2)) as avg_minutes_to_open,
  first_message_at,
  last_message_at,
  last_engaged_at
from total
