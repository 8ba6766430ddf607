-- One row per campaign message to one person, with what became of it said in one way: by the flags of the
-- source, or else by its last action. What did not arrive was neither opened nor clicked.
-- Grain: (source, record_id).
with
  word as (
    select
      source,
      record_id,
      customer_id,
      event_time,
      campaign_id,
      coalesce(nullif(lower(trim(channel)), ''), 'unknown') as channel,
      coalesce(lower(trim(action)), '') as action,
      coalesce(lower(trim(status)), 'success') as status,
      coalesce(lower(trim(conversion)), '') as conversion,
      is_delivered,
      is_opened,
      is_clicked,
      is_redeemed,
      is_unsubscribed,
      minutes_to_open,
      minutes_to_click
    from silver.campaign_events
  ),
  told as (
    select
      source,
      record_id,
      customer_id,
      event_time,
      campaign_id,
      channel,
      coalesce(
        is_delivered,
        status not in ('failed', 'bounced') and action in ('delivered', 'opened', 'clicked', 'unsubscribed')
      ) as is_delivered,
      coalesce(is_opened, action in ('opened', 'clicked')) as is_opened,
      coalesce(is_clicked, action = 'clicked') as is_clicked,
      coalesce(is_unsubscribed, action = 'unsubscribed') as is_unsubscribed,
      coalesce(is_redeemed, false) as is_redeemed,
      status = 'bounced' as is_bounced,
      conversion not in ('', 'none', 'no', 'no_conversion', 'false', '0') as is_converted,
      minutes_to_open,
      minutes_to_click
    from word
  )
select
  source,
  record_id,
  customer_id,
  event_time,
  campaign_id,
  channel,
  is_delivered,
  is_delivered and is_opened as is_opened,
  is_delivered and is_clicked as is_clicked,
  is_unsubscribed,
  is_bounced,
  is_redeemed,
  is_converted,
  case when is_delivered and is_opened then minutes_to_open end as minutes_to_open,
  case when is_delivered and is_clicked then minutes_to_click end as minutes_to_click
from told
