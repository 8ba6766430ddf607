-- One row per pair of customers between which records went: the strongest value that records of both carry,
-- and what became of it.
-- Grain: (customer_old, customer_new).
with
  held as (
    select exchanged.customer_old, exchanged.customer_new, exchanged.has_gone, carried.identifier
    from temp.exchanged_keyring as exchanged
    join temp.exchanged_carried as carried using (keyring)
  ),
  common as (
    select customer_old, customer_new, identifier
    from held
    group by customer_old, customer_new, identifier
    having bool_or(has_gone) and not bool_and(has_gone)
  ),
  ranked as (
    select
      common.customer_old,
      common.customer_new,
      value.namespace || ' ' || left(value.value, 4) || '… is ' || verdict.status
        || coalesce(' (' || verdict.reason || ')', '') as evidence,
      row_number() over (
        partition by common.customer_old, common.customer_new
        order by verdict.status <> 'joined', verdict.tier, common.identifier
      ) as place
    from common
    join identity.verdict using (identifier)
    join identity.value using (identifier)
  )
select customer_old, customer_new, evidence
from ranked
where place = 1
