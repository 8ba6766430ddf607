-- One row per customer and purpose for which consent was ever asked: the answer in force for every contact
-- channel, and the statement that decided it.
-- Across the subjects of a customer a no is stronger than a yes. A yes that has expired is a no.
-- Grain: (customer_id, purpose).
with
  answer as (
    select
      customer_id,
      subject,
      purpose,
      is_granted and coalesce(expires_at > $as_of, true) as is_in_force,
      case when is_granted and expires_at <= $as_of then 'expired' else reason end as reason,
      decided_at,
      policy_version,
      channel,
      source
    from silver.consent_answer
    where contact_channel = '*'
  )
select
  customer_id,
  purpose,
  is_in_force as is_granted,
  decided_at,
  reason,
  policy_version,
  channel,
  source
from answer
qualify row_number() over (
  partition by customer_id, purpose
  order by is_in_force, decided_at desc, subject
) = 1
