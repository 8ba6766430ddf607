-- One row per row of the list, identifier that it carries and customer that the identifier is known of: it points
-- at the one that it belongs to; of those that share it, $most are named.
-- Grain: (number, place, customer_id).
with
  known as (
    select known.number, known.place, known.identifier, known.first_keyring, known.status, namespace.strength
    from temp.match_known as known
    join temp.match_namespace as namespace using (place)
  ),
  sharing as (
    select distinct known.number, known.place, cluster.customer_id
    from known
    join identity.carried using (identifier)
    join identity.cluster on cluster.keyring = carried.keyring
    where known.status in ('shared', 'refused')
  )
select
  known.number,
  known.place,
  cluster.customer_id,
  if(known.strength = 'trace', 'traces', 'points') as says
from known
join identity.cluster on cluster.keyring = known.first_keyring
where known.status in ('joined', 'alone')
union all
select number, place, customer_id, 'shared' as says
from sharing
qualify row_number() over (partition by number, place order by customer_id) <= $most
