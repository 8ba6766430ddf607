-- One row per metric: profiles that stand twice, and records that belong to no customer or to several.
-- Grain: (metric).
with
  doubled as (
    select customer_id
    from gold.customer_360
    group by customer_id
    having count(*) > 1
  ),
  place as (
    select member.source, member.record_id, count(*) as places, count(customer.customer_id) as customers
    from identity.member
    left join identity.customer
      on customer.customer_id = member.customer_id
      and customer.redirects_to is null
      and customer.to_run is null
    where member.to_run is null
    group by member.source, member.record_id
  ),
  misplaced as (
    select coalesce(record.source, place.source) as source
    from identity.record
    full join place
      on place.source = record.source
      and place.record_id = record.record_id
    where place.places is distinct from 1
      or place.customers is distinct from 1
      or record.source is null
  ),
  misplaced_of_source as (
    select source, count(*) as records
    from misplaced
    group by source
  ),
  offender as (
    select 'duplicate_profile_count' as metric, customer_id as name, 1 as weight from doubled
    union all
    select 'misplaced_record_count', source || ' (' || records || ' records)', records from misplaced_of_source
  ),
  ranked as (
    select metric, name, weight, row_number() over (partition by metric order by weight desc, name) as rank
    from offender
  ),
  metric as (
    select unnest(['duplicate_profile_count', 'misplaced_record_count']) as metric
  )
select
  metric,
  coalesce(sum(weight), 0) as value,
  count(name) as offenders,
  string_agg(name, ', ' order by rank) filter (where rank <= $shown) as named
from metric
left join ranked using (metric)
group by metric
