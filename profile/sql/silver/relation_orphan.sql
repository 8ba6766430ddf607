-- One row per relation between two entities: how many rows of the child name a parent that is not
-- there (orphans), and how many name none (unrelated). `relation` is parent_child.
-- The parent of `customer` is an identified customer: what an anonymous visitor did is an orphan.
-- Grain: (relation).
with
  naming (parent, child, key, rows) as (
    select 'customer', 'orders', customer_id, count(*) from silver.orders group by customer_id
    union all
    select 'customer', 'web_events', customer_id, count(*) from silver.web_events group by customer_id
    union all
    select 'customer', 'sessions', customer_id, count(*) from silver.sessions group by customer_id
    union all
    select 'customer', 'campaign_events', customer_id, count(*)
    from silver.campaign_events
    group by customer_id
    union all
    select 'customer', 'preferences', customer_id, count(*)
    from silver.preferences
    group by customer_id
    union all
    select 'customer', 'ticket_interactions', customer_id, count(*)
    from silver.ticket_interactions
    group by customer_id
    union all
    select 'customer', 'tickets', customer_id, count(*) from silver.tickets group by customer_id
    union all
    select 'customer', 'external_profiles', customer_id, count(*)
    from silver.external_profiles
    group by customer_id
    union all
    select 'customer', 'external_sentiment', customer_id, count(*)
    from silver.external_sentiment
    group by customer_id
    union all
    select 'orders', 'order_items', order_id, count(*) from silver.order_items group by order_id
    union all
    select 'orders', 'returns', order_id, count(*) from silver.returns group by order_id
    union all
    select 'sessions', 'web_events', session_id, count(*) from silver.web_events group by session_id
    union all
    select 'tickets', 'ticket_interactions', ticket_id, count(*)
    from silver.ticket_interactions
    group by ticket_id
    union all
    select 'campaigns', 'campaign_events', campaign_id, count(*)
    from silver.campaign_events
    group by campaign_id
    union all
    select 'campaigns', 'sessions', campaign_id, count(*) from silver.sessions group by campaign_id
  ),
  -- Several sources may use one key: it is there once.
  parent (parent, key) as (
    select 'customer', customer_id
    from identity.customer
    where is_identified and redirects_to is null and to_run is null
    union
    select 'orders', record_id from silver.orders
    union
    select 'sessions', record_id from silver.sessions
    union
    select 'tickets', record_id from silver.tickets
    union
    select 'campaigns', record_id from silver.campaigns
  )
select
  naming.parent || '_' || naming.child as relation,
  naming.parent,
  naming.child,
  cast(sum(naming.rows) as bigint) as children,
  cast(coalesce(sum(naming.rows) filter (where naming.key is not null and parent.key is null), 0) as bigint)
    as orphans,
  cast(coalesce(sum(naming.rows) filter (where naming.key is null), 0) as bigint) as unrelated
from naming
left join parent on parent.parent = naming.parent and parent.key = naming.key
group by naming.parent, naming.child
