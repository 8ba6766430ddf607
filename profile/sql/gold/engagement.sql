-- One row per identified customer who was sent a campaign message: what they do with messages.
-- Grain: (customer_id).
select
  customer_id,
  campaign.messages,
  campaign.delivered_messages,
  campaign.opened_messages,
  campaign.clicked_messages,
  campaign.unsubscribed_messages,
  campaign.bounced_messages,
  campaign.redeemed_messages,
  campaign.converted_messages,
  campaign.open_rate,
  campaign.click_rate,
  campaign.email_share,
  campaign.sms_share,
  campaign.push_share,
  campaign.other_share,
  campaign.avg_minutes_to_open,
  campaign.first_message_at,
  campaign.last_message_at,
  campaign.last_engaged_at
from silver.customer_profile_base
join silver.customer_campaign as campaign using (customer_id)
