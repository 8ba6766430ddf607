-- One row per customer who shares a home with others: a street and postcode, or an e-mail address or
-- telephone that is several people's. It never makes them one person. A value that more than household_max
-- customers share is a house or a counter, and customers whom too long a chain connects are no household.
-- near_id: the smallest of those with whom a customer shares a value. Where these differ along a chain, each
-- hop hands on the smallest customer reached; after household_max hops all of one household agree.
-- Grain: (customer_id).
with recursive
  living as (
    select customer_id
    from silver.customer_profile_base
  ),
  place as (
    select
      customer_id,
      regexp_replace(
        lower(max(value) filter (where list_contains($mart_street_attributes, attribute))),
        '[^\p{L}\p{N}]+', '', 'g'
      ) as street,
      regexp_replace(
        lower(max(value) filter (where attribute = 'postcode')),
        '[^\p{L}\p{N}]+', '', 'g'
      ) as postcode
    from silver.golden_attribute
    where attribute = 'postcode'
      or list_contains($mart_street_attributes, attribute)
    group by customer_id
  ),
  contact as (
    select verdict.identifier
    from identity.verdict
    join identity.value using (identifier)
    where verdict.status = 'shared'
      and (
        list_contains($mart_email_namespaces, value.namespace)
        or list_contains($mart_phone_namespaces, value.namespace)
      )
  ),
  carried as (
    select carried.identifier, carried.keyring
    from contact
    join identity.carried using (identifier)
    left join identity.disowned
      on disowned.keyring = carried.keyring
      and disowned.identifier = carried.identifier
    where disowned.keyring is null
  ),
  shared as (
    select 'address' as reason, street || ' ' || postcode as value, customer_id
    from place
    where street <> ''
      and postcode <> ''

    union

    select 'contact' as reason, cast(carried.identifier as varchar) as value, cluster.customer_id
    from carried
    join identity.cluster using (keyring)
  ),
  home as (
    select reason, value, min(customer_id) as first_id
    from shared
    join living using (customer_id)
    group by reason, value
    having count(*) between 2 and $mart_household_max
  ),
  tie as (
    select distinct shared.customer_id, home.first_id, reason
    from home
    join shared using (reason, value)
    join living using (customer_id)
  ),
  edge as (
    select customer_id as id_l, first_id as id_r from tie
    union
    select first_id as id_l, customer_id as id_r from tie
    union
    select customer_id as id_l, customer_id as id_r from tie
  ),
  near as (
    select id_l as customer_id, min(id_r) as near_id
    from edge
    group by id_l
  ),
  apart as (
    select near.near_id as id_l, other.near_id as id_r
    from edge
    join near on near.customer_id = edge.id_l
    join near as other on other.customer_id = edge.id_r
    where other.near_id <> near.near_id
  ),
  step as (
    select id_l, id_r from apart
    union
    select id_l, id_l as id_r from apart
  ),
  reached (hops, near_id, household_of) as (
    select distinct 0 as hops, id_l as near_id, id_l as household_of
    from step

    union all

    select reached.hops + 1 as hops, step.id_l as near_id, min(reached.household_of) as household_of
    from reached
    join step on step.id_r = reached.near_id
    where reached.hops < $mart_household_max
    group by reached.hops, step.id_l
  ),
  agreed as (
    select near.customer_id, coalesce(reached.household_of, near_id) as household_of
    from near
    left join reached using (near_id)
    where reached.hops is null
      or reached.hops = $mart_household_max
  ),
  torn as (
    select agreed.household_of
    from edge
    join agreed on agreed.customer_id = edge.id_l
    join agreed as other on other.customer_id = edge.id_r
    where other.household_of <> agreed.household_of
  ),
  household as (
    select household_of, count(*) as members
    from agreed
    where household_of not in (select household_of from torn)
    group by household_of
    having count(*) <= $mart_household_max
  ),
  bond as (
    select customer_id, string_agg(distinct reason, ', ' order by reason) as reason
    from tie
    group by customer_id
  )
select
  'h' || left(md5(household.household_of), 20) as household_id,
  customer_id,
  household.members,
  bond.reason
from household
join agreed using (household_of)
join bond using (customer_id)
