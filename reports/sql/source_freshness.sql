-- One row per configured source: how many of its rows reached silver, and how long before as_of the
-- newest of them happened. newest and lag_hours are null where no row tells a time.
-- Grain: (source).
with
  silver_row as (
    select source, count(*) as rows, max(event_time) as newest from silver.customers group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.loyalty_accounts group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.orders group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.order_items group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.returns group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.web_events group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.sessions group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.tickets group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.ticket_interactions group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.campaign_events group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.campaigns group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.consents group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.preferences group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.external_profiles group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.external_sentiment group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.products group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.stores group by source
    union all
    select source, count(*) as rows, max(event_time) as newest from silver.exchange_rates group by source
  ),
  configured as (
    select unnest(cast($sources as varchar[])) as source
  )
select
  source,
  coalesce(rows, 0) as rows,
  newest,
  cast(date_diff('second', newest, $as_of) / 3600 as decimal(18, 2)) as lag_hours
from configured
left join silver_row using (source)
order by list_position(cast($sources as varchar[]), source)
