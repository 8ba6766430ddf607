-- One row per pair of customers and value that could not bring them together: all pairs of those that carry
-- it where they are at most $most_carriers, else the two that the resolver names. The smaller id is left. What
-- a keep_apart made shared is decided, and asks nobody.
-- Grain: (customer_id_l, customer_id_r, identifier).
with
  crowd as (
    select identifier, verdict.customer_l, verdict.customer_r, count(*) as customers
    from temp.carrier
    join identity.verdict using (identifier)
    where not starts_with(verdict.reason, 'keep_apart ')
    group by identifier, verdict.customer_l, verdict.customer_r
  ),
  paired as (
    select
      identifier,
      l.customer_id as customer_id_l,
      r.customer_id as customer_id_r,
      l.last_seen as last_seen_l,
      r.last_seen as last_seen_r,
      crowd.customers
    from crowd
    join temp.carrier as l using (identifier)
    join temp.carrier as r using (identifier)
    where crowd.customers <= $most_carriers
      and l.customer_id < r.customer_id
    union all
    select
      identifier,
      l.customer_id as customer_id_l,
      r.customer_id as customer_id_r,
      l.last_seen as last_seen_l,
      r.last_seen as last_seen_r,
      crowd.customers
    from crowd
    join temp.carrier as l using (identifier)
    join temp.carrier as r using (identifier)
    where crowd.customers > $most_carriers
      and l.customer_id = least(crowd.customer_l, crowd.customer_r)
      and r.customer_id = greatest(crowd.customer_l, crowd.customer_r)
      and l.customer_id < r.customer_id
  )
select
  item_id_of(['pair', paired.customer_id_l, paired.customer_id_r]) as item_id,
  paired.customer_id_l,
  paired.customer_id_r,
  paired.identifier,
  paired.last_seen_l,
  paired.last_seen_r,
  paired.customers
from paired
anti join temp.separated using (customer_id_l, customer_id_r)
