-- One row per identifier: what became of it, and for a shared or refused one the two customers that
-- it could not bring together. `first_keyring` is the smallest of those that carry it.
-- Grain: (identifier).
with
  opponent as (
    select keyring_l as keyring from temp.settled_identifier where keyring_l is not null
    union
    select keyring_r as keyring from temp.settled_identifier where keyring_r is not null
  ),
  -- The records of a keyring that dissolved are a customer each; the first of them is named.
  dissolved as (
    select keyring, min(record_customer_id(record.source, record.record_id)) as customer_id
    from opponent
    anti join identity.cluster using (keyring)
    join identity.record using (keyring)
    group by keyring
  ),
  named as (
    select keyring, customer_id
    from opponent
    join identity.cluster using (keyring)
    union all
    select keyring, customer_id
    from dissolved
  )
select
  seen.identifier,
  seen.namespace,
  seen.value,
  settled.status,
  settled.reason,
  settled.tier,
  seen.first_keyring,
  seen.keyrings,
  seen.records,
  named_l.customer_id as customer_l,
  named_r.customer_id as customer_r,
  seen.first_seen,
  seen.last_seen
from temp.usable_identifier as seen
join temp.settled_identifier as settled using (identifier)
left join named as named_l on named_l.keyring = settled.keyring_l
left join named as named_r on named_r.keyring = settled.keyring_r
