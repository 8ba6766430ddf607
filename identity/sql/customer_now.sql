-- One row per customer that this run may have changed, as it is now. Identified: it holds an anchor or a
-- contact, or a record in a source that masters people.
-- Grain: (customer_id).
with
  place as (
    select
      cluster.cluster,
      sighting.source,
      sum(sighting.records) as records,
      min(sighting.first_seen) as first_seen,
      max(sighting.last_seen) as last_seen
    from identity.sighting
    join temp.told_cluster as cluster using (keyring)
    group by cluster.cluster, sighting.source
  ),
  clustered as (
    select
      cluster,
      sum(records) as records,
      count(*) as sources,
      bool_or(list_contains($mastering, source)) as is_mastered,
      min(first_seen) as first_seen,
      max(last_seen) as last_seen
    from place
    group by cluster
  ),
  -- A linking identifier lies within one customer, so the first of its keyrings tells which.
  held as (
    select cluster.cluster, count(*) as identifiers
    from identity.verdict
    join temp.told_cluster as cluster on cluster.keyring = verdict.first_keyring
    where verdict.status in ('joined', 'alone')
      and verdict.tier > 0
    group by cluster.cluster
  ),
  head as (
    select cluster, any_value(customer_id) as customer_id, bool_or(is_identified) as is_identified
    from temp.told_cluster
    group by cluster
  )
select
  head.customer_id,
  cast(clustered.records as bigint) as records,
  clustered.sources,
  coalesce(held.identifiers, 0) as identifiers,
  head.is_identified or clustered.is_mastered as is_identified,
  clustered.first_seen,
  clustered.last_seen
from head
join clustered using (cluster)
left join held using (cluster)
union all
select
  lone.customer_id,
  1 as records,
  1 as sources,
  0 as identifiers,
  list_contains($mastering, record.source) as is_identified,
  record.event_time as first_seen,
  record.event_time as last_seen
from temp.told_lone as lone
join identity.record using (source, record_id)
