-- One row per subject of a customer, purpose and contact channel (`*`: every channel): what was said last.
-- A blank answer is a no; so are a yes and a no of the same instant. Whether a yes has expired is not asked.
-- Grain: (customer_id, subject, purpose, contact_channel).
with
  statement as (
    select
      customer_id,
      keyring,
      source,
      record_id,
      event_time,
      purpose,
      contact_channel,
      is_granted,
      is_unanswered,
      channel,
      policy_version,
      expires_at
    from silver.consent_event

    union all

    select
      customer_id,
      keyring,
      source,
      record_id,
      event_time,
      purpose,
      contact_channel,
      false as is_granted,
      is_unanswered,
      channel,
      policy_version,
      cast(null as timestamp) as expires_at
    from silver.shared_withdrawal
  ),
  told as (
    select
      statement.customer_id,
      coalesce(cast(coalesce(subject.subject, statement.keyring) as varchar), '') as subject,
      statement.purpose,
      coalesce(statement.contact_channel, '*') as contact_channel,
      statement.event_time,
      statement.is_granted,
      statement.is_unanswered,
      statement.source,
      statement.record_id,
      statement.channel,
      statement.policy_version,
      statement.expires_at
    from statement
    left join silver.consent_subject as subject using (customer_id, keyring)
  ),
  last_said as (
    select customer_id, subject, purpose, contact_channel, max(event_time) as event_time
    from told
    group by customer_id, subject, purpose, contact_channel
  ),
  latest as (
    select
      customer_id,
      subject,
      purpose,
      contact_channel,
      event_time,
      is_granted,
      is_unanswered,
      source,
      record_id,
      channel,
      policy_version,
      expires_at,
      row_number() over (
        partition by customer_id, subject, purpose, contact_channel
        order by is_granted, is_unanswered, source, record_id
      ) as place
    from told
    join last_said using (customer_id, subject, purpose, contact_channel, event_time)
  )
select
  customer_id,
  subject,
  purpose,
  contact_channel,
  bool_and(is_granted) as is_granted,
  case
    when bool_and(is_granted) then 'granted'
    when bool_or(is_granted) then 'conflicting'
    when bool_and(is_unanswered) then 'unanswered'
    else 'withdrawn'
  end as reason,
  max(event_time) as decided_at,
  min(expires_at) as expires_at,
  max(source) filter (where place = 1) as source,
  max(record_id) filter (where place = 1) as record_id,
  max(channel) filter (where place = 1) as channel,
  max(policy_version) filter (where place = 1) as policy_version
from latest
group by customer_id, subject, purpose, contact_channel
