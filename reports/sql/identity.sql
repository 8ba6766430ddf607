-- One row per metric: guards that were broken, and the records of the largest customer. Customers who break a
-- guard because people decided so are exempt, and counted apart.
-- Grain: (metric).
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
  ),
  overfull as (
    select held.customer_id, namespace as guard
    from held
    join guard_limit using (namespace)
    group by held.customer_id, namespace, guard_limit.most
    having count(*) > guard_limit.most
  ),
  contradictory as (
    select place.customer_id, carried.attribute as guard
    from identity.keyring_attribute as carried
    join place using (keyring)
    where list_contains(cast($one_per_person as varchar[]), carried.attribute)
    group by place.customer_id, carried.attribute
    having min(carried.value) <> max(carried.value)
  ),
  broken as (
    select 'per_person_violation_count' as metric, customer_id, guard from overfull
    union all
    select 'one_per_person_violation_count', customer_id, guard from contradictory
  ),
  judged as (
    select broken.metric, broken.customer_id, bool_and(overridden_guard.guard is not null) as is_exempt
    from broken
    left join identity.overridden_guard using (customer_id, guard)
    group by broken.metric, broken.customer_id
  ),
  ranked as (
    select metric, customer_id, row_number() over (partition by metric order by customer_id) as rank
    from judged
    where not is_exempt
  ),
  exempt as (
    select metric, count(*) as customers
    from judged
    where is_exempt
    group by metric
  ),
  metric as (
    select unnest(['per_person_violation_count', 'one_per_person_violation_count']) as metric
  ),
  largest as (
    select customer_id, records
    from identity.customer
    where redirects_to is null
      and to_run is null
    order by records desc, customer_id
    limit 1
  )
select
  metric,
  count(customer_id) as value,
  count(customer_id) as offenders,
  string_agg(customer_id, ', ' order by rank) filter (where rank <= $shown) as named,
  coalesce(any_value(exempt.customers), 0) as exempt
from metric
left join ranked using (metric)
left join exempt using (metric)
group by metric
union all
select 'largest_customer_record_count', records, 1, customer_id, 0
from largest
