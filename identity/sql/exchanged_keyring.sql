-- One row per pair of customers between which records went and keyring of either: of those records
-- (`has_gone`), or of who was with the new customer before or stayed with the old one.
-- Grain: (customer_old, customer_new, keyring).
with
  pair as (
    select customer_old, customer_new
    from temp.moved
    where customer_old is not null
      and customer_new is not null
  ),
  before as (
    select source, record_id, customer_id
    from identity.member
    where to_run = $run
  ),
  gone as (
    select distinct pair.customer_old, pair.customer_new, after.keyring
    from pair
    join before on before.customer_id = pair.customer_old
    join identity.member as after
      on after.source = before.source
      and after.record_id = before.record_id
      and after.customer_id = pair.customer_new
    where after.from_run = $run
      and after.to_run is null
  ),
  side as (
    select customer_old, customer_new, customer_old as customer_id
    from pair
    union all
    select customer_old, customer_new, customer_new as customer_id
    from pair
  ),
  here as (
    select distinct side.customer_old, side.customer_new, member.keyring
    from side
    join identity.member using (customer_id)
    where member.to_run is null
  )
select customer_old, customer_new, keyring, true as has_gone
from gone
union all
select customer_old, customer_new, keyring, false as has_gone
from here
anti join gone using (customer_old, customer_new, keyring)
