-- One row per CRM contact.
-- Grain: (contact_id).
select
  contact_id(contact) as contact_id,
  loyalty_id(card) as loyalty_id,
  case
    when has_typo then mistyped(getvariable('first_names')[first_name + 1])
    else getvariable('first_names')[first_name + 1]
  end as first_name,
  getvariable('last_names')[last_name + 1] || case when is_female then 'a' else '' end as last_name,
  case when knows_birth then date '1970-01-01' + cast(birth_day as integer) end as date_of_birth,
  email_hash(email) as email_hash,
  phone_hash(phone) as phone_hash,
  getvariable('cities')[city + 1] as city,
  cast(100000 + city * 1000 + postcode * 10 as varchar) as postcode,
  getvariable('contact_channels')[preferred_channel + 1] as preferred_channel,
  case when is_active then 'active' else 'inactive' end as status,
  moment(created_at) as created_at,
  moment(updated_at) as updated_at
from customers_draw
