-- One row per thing that happened with an identified customer, in the words that a service agent reads,
-- with what happened to the customer in the identity graph.
-- Grain: (customer_id, line).
with
  change as (
    select run, kind, customer_id, other_customer_id
    from identity.change
    where kind in ('merged', 'split', 'moved')
  ),
  told as (
    select
      customer_id,
      touchpoint_at as happened_at,
      case kind
        when 'visit' then 'visited the site or app'
        when 'order' then 'bought'
        when 'return' then 'sent goods back'
        when 'refund' then 'got money back'
        when 'message' then 'got a message'
        when 'ticket' then 'opened a ticket'
        when 'interaction' then 'spoke with the service'
        when 'consent' then 'answered on consent'
        else 'was heard of outside'
      end
        || coalesce(' (' || nullif(concat_ws(', ', channel, detail), '') || ')', '') as words,
      amount_usd,
      touchpoint_number as place
    from gold.journey_touchpoint

    union all

    select
      change.customer_id,
      run.as_of,
      case change.kind
        when 'merged' then 'turned out to be one person with '
        when 'split' then 'was parted from '
        else 'took over records of '
      end || change.other_customer_id,
      null,
      null
    from change
    join ops.run using (run)

    union all

    select
      change.other_customer_id,
      run.as_of,
      case change.kind
        when 'split' then 'was parted from '
        else 'gave records to '
      end || change.customer_id,
      null,
      null
    from change
    join ops.run using (run)
    where change.kind in ('split', 'moved')
  )
select
  customer_id,
  row_number() over (
    partition by customer_id
    order by told.happened_at, told.place nulls last, told.words
  ) as line,
  told.happened_at,
  told.words,
  told.amount_usd
from silver.customer_profile_base
join told using (customer_id)
