-- One row per order, in the order in which they arrived.
-- Grain: (order_id).
select
  numbered('O', number) as order_id,
  loyalty_id(card) as loyalty_id,
  contact_id(contact) as contact_id,
  email_hash(email) as email_hash,
  phone_hash(phone) as phone_hash,
  moment(ordered_at) as ordered_at,
  case status when 0 then 'paid' when 1 then 'cancelled' else 'pending' end as status,
  usd(cents) as amount_usd,
  getvariable('channels')[channel + 1] as channel,
  case when store >= 0 then 'ST' || lpad(cast(store + 1 as varchar), 2, '0') end as store_id
from orders_draw
