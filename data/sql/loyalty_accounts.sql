-- One row per loyalty card.
-- Grain: (loyalty_id).
select
  loyalty_id(card) as loyalty_id,
  getvariable('first_names')[first_name + 1] as first_name,
  getvariable('last_names')[last_name + 1] || case when is_female then 'a' else '' end as last_name,
  case when knows_birth then date '1970-01-01' + cast(birth_day as integer) end as date_of_birth,
  email_hash(email) as email_hash,
  phone_hash(phone) as phone_hash,
  getvariable('tiers')[tier + 1] as tier,
  cast(points as integer) as points,
  case when is_active then 'active' else 'suspended' end as status,
  moment(joined_at) as joined_at,
  moment(updated_at) as updated_at
from loyalty_accounts_draw
