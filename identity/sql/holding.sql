-- One row per part (a cluster, or a record alone) and customer that its records belonged to in the last
-- published run, with how many of them did. Keyrings that stand as before and of which no record came or
-- went are counted whole, the others record by record.
-- Grain: (part, customer_id).
with
  whole as (
    select placed.cluster as part, past.customer_id, placed.records, placed.first_seen
    from temp.placed
    join identity.cluster as past using (keyring)
    where keyring not in (select keyring from temp.run_touched_keyring)
  ),
  single as (
    select keyring
    from temp.node
    where is_affected
      and keyring in (select keyring from temp.run_touched_keyring)
    union
    select keyring
    from temp.node
    anti join temp.placed using (keyring)
    where is_affected
    union
    select keyring
    from temp.placed
    anti join identity.cluster using (keyring)
  ),
  -- A record that changed its keyring was on a touched one.
  past_place as (
    select source, record_id, customer_id
    from identity.member
    where to_run is null
      and keyring in (
        select keyring from single
        union all
        select keyring from temp.run_touched_keyring
      )
  ),
  recorded as (
    select
      coalesce(placed.cluster, record_digest(record.source, record.record_id)) as part,
      past_place.customer_id,
      1 as records,
      record.event_time as first_seen
    from identity.record
    join single using (keyring)
    join past_place
      on past_place.source = record.source
      and past_place.record_id = record.record_id
    left join temp.placed using (keyring)
  ),
  held as (
    select part, customer_id, records, first_seen
    from whole
    union all
    select part, customer_id, records, first_seen
    from recorded
  )
select
  part,
  customer_id,
  cast(sum(records) as bigint) as records,
  min(first_seen) as first_seen
from held
group by part, customer_id
