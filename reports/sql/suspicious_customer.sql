-- One row per customer whom a steward should look at first: those whom most values tie to somebody else
-- although a guard keeps them apart, and the one with the most records. `disputed` counts such values.
-- Grain: (customer_id).
with
  disputed as (
    select customer_l as customer_id, status, identifier
    from identity.verdict
    where status in ('shared', 'refused')
      and customer_l is not null
    union
    select customer_r, status, identifier
    from identity.verdict
    where status in ('shared', 'refused')
      and customer_r is not null
  ),
  tally as (
    select
      customer_id,
      count(*) as disputed,
      count(*) filter (where status = 'refused') as refused
    from disputed
    group by customer_id
  ),
  ranked as (
    select
      customer_id,
      customer.records,
      customer.sources,
      coalesce(tally.disputed, 0) as disputed,
      row_number() over (
        order by tally.refused desc nulls last, tally.disputed desc nulls last, customer.records desc, customer_id
      ) as place,
      row_number() over (order by customer.records desc, customer_id) as size_place
    from identity.customer
    left join tally using (customer_id)
    where customer.to_run is null
      and customer.redirects_to is null
      and customer.is_identified
  )
select customer_id, records, sources, disputed, size_place = 1 as is_largest
from ranked
where size_place = 1
  or (place <= $shown and disputed > 0)
order by place
