-- One row per store that is listed or sold something. Where two lists use the same key, the first source by
-- name counts.
-- Grain: (store_id).
with
  listed as (
    select record_id as store_id, name, city, country
    from silver.stores
    qualify row_number() over (partition by record_id order by source) = 1
  ),
  seen as (
    select distinct store_id
    from silver.customer_transaction
    where store_id is not null
  )
select
  store_id,
  listed.store_id is not null as is_listed,
  listed.name,
  listed.city,
  listed.country
from listed
full join seen using (store_id)
