-- One row per product that is in the catalogue or was sold. One that no catalogue has is told of by the
-- lines that sold it, the first word by name where they differ. Where two catalogues use the same key, the
-- first source by name counts.
-- Grain: (product_id).
with
  listed as (
    select record_id as product_id, name, category, department, brand, price_usd
    from silver.products
    qualify row_number() over (partition by record_id order by source) = 1
  ),
  sold as (
    select product_id, min(category) as category, min(brand) as brand
    from silver.order_items
    where product_id is not null
    group by product_id
  )
select
  product_id,
  listed.product_id is not null as is_listed,
  listed.name,
  coalesce(listed.category, sold.category) as category,
  listed.department,
  coalesce(listed.brand, sold.brand) as brand,
  listed.price_usd
from listed
full join sold using (product_id)
