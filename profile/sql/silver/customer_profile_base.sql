-- One row per identified customer: who they are, without any score.
-- is_known: a source that masters people (customers, loyalty_accounts) has a record of them.
-- preferred_channel, preferred_store, source_segment: the latest that a source of customers says.
-- loyalty_tier: the latest of a loyalty account, else of a source of customers.
-- loyalty_id, crm_contact_id: the first seen of the values that the customer holds in the namespace.
-- attributes: a JSON object of the golden attributes that have no column of their own.
-- Grain: (customer_id).
with
  known as (
    select customer_id from silver.customers
    union
    select customer_id from silver.loyalty_accounts
  ),
  held as (
    select cluster.customer_id, link.namespace, link.value, min(keyring.first_seen) as first_seen
    from identity.link as link
    join identity.keyring as keyring using (keyring)
    join identity.cluster as cluster using (keyring)
    where link.namespace in ('loyalty_id', 'crm_contact_id')
      and link.status in ('joined', 'alone')
    group by cluster.customer_id, link.namespace, link.value
  ),
  earliest as (
    select customer_id, namespace, value
    from held
    qualify row_number() over (
      partition by customer_id, namespace
      order by first_seen nulls last, value
    ) = 1
  ),
  identifier as (
    select
      customer_id,
      max(value) filter (where namespace = 'loyalty_id') as loyalty_id,
      max(value) filter (where namespace = 'crm_contact_id') as crm_contact_id
    from earliest
    group by customer_id
  ),
  named as (
    select
      customer_id,
      max(value) filter (where attribute = 'first_name') as first_name,
      max(value) filter (where attribute = 'last_name') as last_name,
      max(value) filter (where attribute = 'date_of_birth') as date_of_birth,
      max(value) filter (where attribute = 'city') as city,
      max(value) filter (where attribute = 'postcode') as postcode,
      max(value) filter (where attribute = 'country') as country
    from silver.golden_attribute
    group by customer_id
  ),
  other as (
    select
      customer_id,
      '{' || string_agg(to_json(attribute) || ':' || to_json(value), ',' order by attribute) || '}'
        as attributes
    from silver.golden_attribute
    where attribute not in ('first_name', 'last_name', 'date_of_birth', 'city', 'postcode', 'country')
    group by customer_id
  ),
  contact as (
    select
      customer_id,
      preferred_channel,
      preferred_store,
      source_segment,
      loyalty_tier,
      row_number() over (
        partition by customer_id
        order by event_time nulls first, source desc, record_id desc
      ) as place
    from silver.customers
  ),
  told as (
    select
      customer_id,
      arg_max(preferred_channel, place) filter (where preferred_channel is not null) as preferred_channel,
      arg_max(preferred_store, place) filter (where preferred_store is not null) as preferred_store,
      arg_max(source_segment, place) filter (where source_segment is not null) as source_segment,
      arg_max(loyalty_tier, place) filter (where loyalty_tier is not null) as loyalty_tier
    from contact
    group by customer_id
  ),
  card as (
    select customer_id, tier
    from silver.loyalty_accounts
    where tier is not null
    qualify row_number() over (
      partition by customer_id
      order by event_time desc nulls last, source, record_id
    ) = 1
  )
select
  customer_id,
  known.customer_id is not null as is_known,
  identifier.loyalty_id,
  identifier.crm_contact_id,
  named.first_name,
  named.last_name,
  try_cast(named.date_of_birth as date) as date_of_birth,
  named.city,
  named.postcode,
  named.country,
  other.attributes,
  told.preferred_channel,
  customer.records,
  customer.sources,
  customer.identifiers,
  customer.first_seen,
  customer.last_seen,
  told.preferred_store,
  told.source_segment,
  coalesce(card.tier, told.loyalty_tier) as loyalty_tier
from identity.customer as customer
left join known using (customer_id)
left join identifier using (customer_id)
left join named using (customer_id)
left join other using (customer_id)
left join told using (customer_id)
left join card using (customer_id)
where customer.is_identified
  and customer.redirects_to is null
  and customer.to_run is null
