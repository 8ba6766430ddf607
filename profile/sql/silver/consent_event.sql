-- One row per statement of a customer about a purpose: what was said to a consent system, and each
-- unsubscription, which withdraws a purpose for the channel of that message (of every channel, where the
-- message names none). contact_channel: what the statement is about; null: every channel.
-- channel: where it was said. expires_at: from when on a yes no longer holds.
-- Grain: (source, record_id).
with
  said as (
    select
      source,
      record_id,
      customer_id,
      event_time,
      lower(trim(purpose)) as purpose,
      contact_channel,
      is_granted,
      channel,
      policy_version,
      expires_at
    from silver.consents

    union all

    select
      source,
      record_id,
      customer_id,
      event_time,
      $consent_unsubscribe_withdraws as purpose,
      channel as contact_channel,
      false as is_granted,
      channel,
      cast(null as varchar) as policy_version,
      cast(null as timestamp) as expires_at
    from silver.campaign_events
    where is_unsubscribed
      or lower(trim(action)) = 'unsubscribed'
  )
select
  said.source,
  said.record_id,
  said.customer_id,
  said.event_time,
  said.purpose,
  nullif(lower(trim(said.contact_channel)), '') as contact_channel,
  coalesce(said.is_granted, false) as is_granted,
  said.is_granted is null as is_unanswered,
  said.channel,
  said.policy_version,
  least(
    said.expires_at,
    said.event_time + cast($consent_expires_after as map(varchar, integer))[said.purpose] * interval 1 day
  ) as expires_at,
  member.keyring,
  member.resolved_by
from said
left join identity.member as member
  on member.source = said.source
  and member.record_id = said.record_id
  and member.to_run is null
where said.customer_id is not null
  and said.event_time is not null
  and said.purpose <> ''
