-- One row per customer, purpose and contact channel of which they said something: the answer in force for it.
-- Within a subject the later of what was said of the channel and of every channel decides. Across subjects a
-- no is stronger than a yes, and a no for every channel is a no for this one, whatever was said of it.
-- Grain: (customer_id, purpose, contact_channel).
with
  answer as (
    select
      customer_id,
      subject,
      purpose,
      contact_channel,
      is_granted and coalesce(expires_at > $as_of, true) as is_in_force,
      case when is_granted and expires_at <= $as_of then 'expired' else reason end as reason,
      decided_at,
      policy_version,
      channel,
      source
    from silver.consent_answer
  ),
  asked as (
    select distinct customer_id, purpose, contact_channel
    from answer
    where contact_channel <> '*'
  ),
  about as (
    select
      customer_id,
      purpose,
      asked.contact_channel,
      answer.subject,
      answer.contact_channel = '*' as is_general,
      answer.is_in_force,
      answer.reason,
      answer.decided_at,
      answer.policy_version,
      answer.channel,
      answer.source,
      row_number() over (
        partition by customer_id, purpose, asked.contact_channel, answer.subject
        order by answer.decided_at desc, answer.is_in_force, answer.contact_channel = '*'
      ) as place
    from asked
    join answer using (customer_id, purpose)
    where answer.contact_channel in (asked.contact_channel, '*')
  )
select
  customer_id,
  purpose,
  contact_channel,
  is_in_force as is_granted,
  decided_at,
  reason,
  policy_version,
  channel,
  source
from about
where place = 1
  or (is_general and not is_in_force)
qualify row_number() over (
  partition by customer_id, purpose, contact_channel
  order by is_in_force, decided_at desc, subject, place
) = 1
