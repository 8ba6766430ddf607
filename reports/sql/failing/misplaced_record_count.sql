-- One row per record that belongs to no customer, to several, or to one who is not there.
-- Grain: (source, record_id).
with
  place as (
    select member.source, member.record_id, count(*) as places, count(customer.customer_id) as customers
    from identity.member
    left join identity.customer
      on customer.customer_id = member.customer_id
      and customer.redirects_to is null
      and customer.to_run is null
    where member.to_run is null
    group by member.source, member.record_id
  )
select
  coalesce(record.record_id, place.record_id) as record_id,
  coalesce(record.source, place.source) as source,
  coalesce(place.places, 0) as places,
  coalesce(place.customers, 0) as customers
from identity.record
full join place
  on place.source = record.source
  and place.record_id = record.record_id
where place.places is distinct from 1
  or place.customers is distinct from 1
  or record.source is null
order by source, record_id
