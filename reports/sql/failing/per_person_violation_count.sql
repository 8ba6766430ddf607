-- One row per customer and identifier of which the customer holds more values than one person may, unless
-- people decided so.
-- Grain: (customer_id, namespace).
with
  guard_limit as (
    select
      unnest(cast($limited as varchar[])) as namespace,
      unnest(cast($limits as bigint[])) as most
  ),
  place as (
    select distinct keyring, customer_id
    from identity.member
    where to_run is null
  ),
  held as (
    select distinct place.customer_id, link.namespace, link.value
    from identity.link
    join guard_limit using (namespace)
    join place using (keyring)
    where link.status in ('joined', 'alone')
  )
select held.customer_id, namespace, count(*) as held, guard_limit.most
from held
join guard_limit using (namespace)
left join identity.overridden_guard as overridden
  on overridden.customer_id = held.customer_id
  and overridden.guard = namespace
where overridden.guard is null
group by held.customer_id, namespace, guard_limit.most
having count(*) > guard_limit.most
order by held.customer_id, namespace
