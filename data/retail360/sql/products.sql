-- One row per product of the catalogue.
-- Grain: (PRODUCT_ID).
select
  product_id(range) as PRODUCT_ID,
  product_name(range) as PRODUCT_NAME,
  category_of(range) as CATEGORY,
  case when category_of(range) in ('Electronics', 'Home', 'Toys') then 'HARDLINES'
    when category_of(range) in ('Clothing', 'Sports') then 'SOFTLINES'
    else 'CONSUMABLES'
  end as DEPARTMENT,
  brand_of(range) as BRAND,
  cast(money(list_price(range)) as decimal(10, 2)) as LIST_PRICE_USD
from range(getvariable('first'), getvariable('last'))
