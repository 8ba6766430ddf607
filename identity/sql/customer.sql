-- One row per customer. Identified: it holds an anchor or a contact, or a record in a source that
-- masters people.
-- Grain: (customer_id).
with
  membership as (
    select
      member.customer_id,
      count(*) as records,
      count(distinct member.source) as sources,
      bool_or(list_contains($mastering, member.source)) as is_mastered,
      min(record.event_time) as first_seen,
      max(record.event_time) as last_seen
    from identity.member
    join identity.record using (source, record_id)
    where member.to_run is null
    group by member.customer_id
  ),
  holding as (
    select cluster.customer_id, bool_or(cluster.is_identified) as is_identified
    from identity.cluster
    group by cluster.customer_id
  ),
  held as (
    select distinct cluster.customer_id, link.namespace, link.value
    from identity.link
    join identity.cluster using (keyring)
    where link.status in ('joined', 'alone')
  ),
  identifier_count as (
    select customer_id, count(*) as identifiers
    from held
    group by customer_id
  )
select
  membership.customer_id,
  membership.records,
  membership.sources,
  coalesce(identifier_count.identifiers, 0) as identifiers,
  coalesce(holding.is_identified, false) or membership.is_mastered as is_identified,
  membership.first_seen,
  membership.last_seen,
  cast(null as varchar) as redirects_to
from membership
left join holding using (customer_id)
left join identifier_count using (customer_id)
