-- One row per audience and identified customer: the channel to reach them by, or why they are left out.
-- An audience with channels takes the preferred one of those that are permitted, else the first. Permitted is
-- a channel for which every purpose has a yes, its own or that for every channel. An audience without takes
-- the preferred channel (null where none is known), and needs a yes for every channel to each purpose.
-- exclusion: a word for each reason; empty for who is in. refused_channels: never to be used, comma between.
-- Grain: (audience, customer_id).
with
  preference as (
    select customer_id, nullif(lower(trim(preferred_channel)), '') as preferred_channel
    from gold.customer_360
  ),
  listed as (
    select audience, customer_id, purposes, channels, unnest(channels) as contact_channel
    from silver.audience_check
  ),
  offered as (
    select
      audience,
      customer_id,
      purposes,
      contact_channel,
      list_position(channels, contact_channel) as place,
      false as is_any
    from listed

    union all

    select
      checked.audience,
      customer_id,
      checked.purposes,
      preference.preferred_channel as contact_channel,
      1 as place,
      true as is_any
    from silver.audience_check as checked
    join preference using (customer_id)
    where len(checked.channels) = 0
  ),
  asked as (
    select audience, customer_id, contact_channel, place, is_any, unnest(purposes) as purpose
    from offered
  ),
  answered as (
    select
      asked.audience,
      customer_id,
      contact_channel,
      asked.place,
      purpose,
      coalesce(by_channel.is_granted, true) as is_not_refused,
      coalesce(general.is_granted, not asked.is_any and by_channel.is_granted, false) as is_agreed,
      general.reason
    from asked
    left join silver.customer_consent as general using (customer_id, purpose)
    left join silver.customer_channel_consent as by_channel using (customer_id, purpose, contact_channel)
  ),
  lacking as (
    select
      audience,
      customer_id,
      purpose,
      case max(reason)
        when 'withdrawn' then purpose || '_consent_withdrawn'
        when 'expired' then purpose || '_consent_expired'
        when 'conflicting' then 'conflicting_' || purpose || '_consent'
        else 'no_' || purpose || '_consent'
      end as word
    from answered
    group by audience, customer_id, purpose
    having not bool_or(is_agreed)
  ),
  lacked as (
    select audience, customer_id, string_agg(word, ', ' order by purpose) as words
    from lacking
    group by audience, customer_id
  ),
  permitted as (
    select audience, customer_id, contact_channel, place
    from answered
    group by audience, customer_id, contact_channel, place
    having bool_and(is_agreed and is_not_refused)
  ),
  taken as (
    select permitted.audience, customer_id, permitted.contact_channel as channel
    from permitted
    join preference using (customer_id)
    qualify row_number() over (
      partition by permitted.audience, customer_id
      order by
        coalesce(permitted.contact_channel = preference.preferred_channel, false) desc,
        permitted.place
    ) = 1
  ),
  needed as (
    select audience, customer_id, unnest(purposes) as purpose
    from silver.audience_check
  ),
  refused as (
    select
      needed.audience,
      customer_id,
      string_agg(distinct by_channel.contact_channel, ', ' order by by_channel.contact_channel)
        as refused_channels
    from needed
    join silver.customer_channel_consent as by_channel using (customer_id, purpose)
    where not by_channel.is_granted
    group by needed.audience, customer_id
  )
select
  audience,
  customer_id,
  taken.channel,
  refused.refused_channels,
  concat_ws(
    ', ',
    lacked.words,
    case when lacked.words is null and taken.customer_id is null then 'no_permitted_channel' end,
    case when not checked.is_chosen then 'outside_audience' end,
    nullif(checked.suppressed_by, '')
  ) as exclusion
from silver.audience_check as checked
left join lacked using (audience, customer_id)
left join taken using (audience, customer_id)
left join refused using (audience, customer_id)
