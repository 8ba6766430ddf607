-- One row per contact between a customer and the retailer, of every kind, in one order: visits, orders and
-- what came back of them, messages, tickets and talks about them, answers to consent questions, and what
-- others measured of their sentiment.
-- Grain: (customer_id, touchpoint_number).
with
  touchpoint as (
    select
      customer_id,
      started_at as touchpoint_at,
      'visit' as kind,
      channel_type as channel,
      session_class as detail,
      cast(null as decimal(18, 2)) as amount_usd,
      source,
      session_key as record_id
    from silver.customer_session

    union all

    select customer_id, event_time, 'order', channel_class, value_class, amount_usd, source, record_id
    from silver.customer_transaction

    union all

    select customer_id, event_time, 'return', null, lower(trim(reason)), -amount_usd, source, record_id
    from silver.returns

    union all

    select customer_id, event_time, 'refund', null, null, -amount_usd, source, record_id
    from silver.refund

    union all

    select
      customer_id,
      event_time,
      'message',
      channel,
      case
        when is_unsubscribed then 'unsubscribed'
        when is_clicked then 'clicked'
        when is_opened then 'opened'
        when is_delivered then 'delivered'
        else 'sent'
      end,
      null,
      source,
      record_id
    from silver.message

    union all

    select
      customer_id, event_time, 'ticket', lower(trim(channel)), lower(trim(category)), null, source, record_id
    from silver.tickets

    union all

    select
      customer_id,
      event_time,
      'interaction',
      lower(trim(coalesce(channel, type))),
      lower(trim(category)),
      null,
      source,
      record_id
    from silver.ticket_interactions

    union all

    select
      customer_id,
      event_time,
      'consent',
      lower(trim(channel)),
      lower(trim(purpose)) || case when is_granted then ' granted' else ' withdrawn' end,
      null,
      source,
      record_id
    from silver.consents
    where trim(purpose) <> ''

    union all

    select
      customer_id,
      event_time,
      'sentiment',
      lower(trim(provider)),
      lower(trim(type)) || ' ' || cast(score as varchar),
      null,
      source,
      record_id
    from silver.external_sentiment
  )
select
  customer_id,
  row_number() over (
    partition by customer_id
    order by touchpoint_at, kind, source, record_id
  ) as touchpoint_number,
  touchpoint_at,
  kind,
  channel,
  detail,
  amount_usd,
  source,
  record_id
from touchpoint
where customer_id is not null
  and touchpoint_at is not null
