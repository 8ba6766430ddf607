-- One row per customer who said no to marketing by some channel of contact: those channels, by name.
-- Grain: (customer_id).
select customer_id, string_agg(contact_channel, ', ' order by contact_channel) as refused_channels
from silver.customer_channel_consent
where purpose = 'marketing'
  and not is_granted
group by customer_id
