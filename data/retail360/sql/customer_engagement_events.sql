-- One row per message of a campaign to a customer, with the last that happened; some come twice.
-- Grain: (ENGAGEMENT_ID), but for second deliveries.
with
  numbered as (
    select
      number_of(range, getvariable('engagements')) as number,
      range >= getvariable('engagements') as is_again
    from range(getvariable('first'), getvariable('last'))
  ),
  message as (
    select
      *,
      shopper(number, getvariable('engagements'), 'addressee') as contact,
      running_campaign(number, getvariable('engagements')) as campaign,
      case
        when is_again then 'CLICKED'
        when draw(number, 'action', 1000) < 120 then 'SENT'
        when draw(number, 'action', 1000) < 600 then 'DELIVERED'
        when draw(number, 'action', 1000) < 850 then 'OPENED'
        when draw(number, 'action', 1000) < 990 then 'CLICKED'
        else 'UNSUBSCRIBED'
      end as action
    from numbered
  ),
  followed as (
    select
      *,
      campaign_channel(campaign) as channel,
      action in ('OPENED', 'CLICKED', 'UNSUBSCRIBED') as is_opened,
      1 + skewed(number, 'opens', 600) as minutes_to_open
    from message
  )
select
  numbered('M', number, 10) as ENGAGEMENT_ID,
  customer_id(case when is_odd(number, 'unknown customer') then 900000000 + number else contact end)
    as CUSTOMER_ID,
  channel as ENGAGEMENT_TYPE,
  told_moment(happened(number, getvariable('engagements')), number) as ENGAGEMENT_DATE,
  campaign_id(case when is_odd(number, 'orphan') then 9000 else campaign end) as CAMPAIGN_ID,
  campaign_name(campaign) as CAMPAIGN_NAME,
  first_name_of(person_of(contact)) || ', ' || pick(getvariable('subjects'), campaign, 'subject')
    as MESSAGE_SUBJECT,
  case
    when draw(number, 'names address', 50) = 0
      then 'You get this at ' || email_of(person_of(contact)) || '. Questions? Call (212) 555-0142.'
    else pick(getvariable('contents'), campaign, 'content')
  end as MESSAGE_CONTENT,
  case when is_odd(number, 'action') then 'FORWARDED' else action end as ENGAGEMENT_ACTION,
  case
    when action <> 'SENT' then 'SUCCESS'
    else pick(['SUCCESS', 'FAILED', 'BOUNCED', 'BOUNCED'], number, 'status')
  end as ENGAGEMENT_STATUS,
  case when is_opened then pick(['MOBILE', 'MOBILE', 'DESKTOP', 'TABLET'], contact, 'reads on') end
    as DEVICE_TYPE,
  case when is_opened then getvariable('countries')[1 + country_of_contact(contact)] end
    as LOCATION_COUNTRY,
  case when is_opened then cast(minutes_to_open as integer) end as TIME_TO_OPEN,
  case when action = 'CLICKED' then cast(minutes_to_open + draw(number, 'clicks', 60) as integer) end
    as TIME_TO_CLICK,
  case
    when action = 'CLICKED' then pick(['PURCHASE', 'SIGNUP', 'NONE', 'NONE', 'NONE'], number, 'result')
  end as CONVERSION_RESULT
from followed
