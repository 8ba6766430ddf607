-- One row per value that joins nobody although it is one, of each status those with the most records first.
-- The value itself stays here: a digest names it. total counts all of them, shown or not, that could not
-- bring two customers together: the generic ones are none of these. What people decided is told apart.
-- customers counts those of today whose records carry the value.
-- Grain: (namespace, digest).
with
  disputed as (
    select namespace, value, status, records, customer_l, customer_r, reason
    from identity.identifier
    where status in ('shared', 'refused', 'generic')
      and namespace <> 'decision'
  ),
  ranked as (
    select
      *,
      row_number() over (partition by status order by records desc, namespace, value) as rank,
      count(*) filter (where status <> 'generic') over () as total
    from disputed
  ),
  carried as (
    select namespace, value, count(distinct customer_id) as customers
    from ranked
    join identity.link using (namespace, value)
    join identity.cluster using (keyring)
    where rank <= $shown
    group by namespace, value
  )
select
  namespace,
  left(sha256(value), 8) as digest,
  status,
  records,
  coalesce(customer_l, '') as customer_l,
  coalesce(customer_r, '') as customer_r,
  coalesce(reason, '') as reason,
  coalesce(customers, 0) as customers,
  total
from ranked
left join carried using (namespace, value)
where rank <= $shown
order by status = 'generic', status, rank
