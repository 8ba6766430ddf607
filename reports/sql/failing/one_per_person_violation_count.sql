-- One row per customer and attribute of which the customer holds several values, unless people decided so.
-- Grain: (customer_id, attribute).
with
  place as (
    select distinct keyring, customer_id
    from identity.member
    where to_run is null
  )
select place.customer_id, carried.attribute, count(distinct carried.value) as held
from identity.keyring_attribute as carried
join place using (keyring)
left join identity.overridden_guard as overridden
  on overridden.customer_id = place.customer_id
  and overridden.guard = carried.attribute
where list_contains(cast($one_per_person as varchar[]), carried.attribute)
  and overridden.guard is null
group by place.customer_id, carried.attribute
having min(carried.value) <> max(carried.value)
order by place.customer_id, carried.attribute
