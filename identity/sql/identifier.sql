-- One row per identifier: what became of it, and for a shared or refused one the two customers that
-- it could not bring together.
-- Grain: (namespace, value).
with
  opponent as (
    select keyring_l as keyring from temp.settled_identifier where keyring_l is not null
    union
    select keyring_r as keyring from temp.settled_identifier where keyring_r is not null
  ),
  -- The records of a keyring that dissolved are a customer each; the first of them is named.
  named as (
    select
      opponent.keyring,
      coalesce(
        min(cluster.customer_id),
        min(record_customer_id(record.source, record.record_id))
      ) as customer_id
    from opponent
    left join identity.cluster using (keyring)
    left join identity.record on cluster.keyring is null and record.keyring = opponent.keyring
    group by opponent.keyring
  )
select
  settled.namespace,
  settled.value,
  settled.status,
  settled.reason,
  settled.tier,
  settled.keyrings,
  settled.records,
  named_l.customer_id as customer_l,
  named_r.customer_id as customer_r,
  settled.first_seen,
  settled.last_seen
from temp.settled_identifier as settled
left join named as named_l on named_l.keyring = settled.keyring_l
left join named as named_r on named_r.keyring = settled.keyring_r
