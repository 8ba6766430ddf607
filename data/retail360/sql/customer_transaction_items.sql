-- One row per line of a transaction; some belong to a transaction that is nowhere, some come twice.
-- Grain: (ITEM_ID), but for second deliveries.
with
  numbered as (
    select
      number_of(range, getvariable('transactions')) as number,
      range >= getvariable('transactions') as is_again
    from range(getvariable('first'), getvariable('last'))
  ),
  sale as (
    select
      number,
      is_again,
      coalesce(returned_sale(number), number) as sale,
      number % 50 = 11 as is_exchange,
      returned_sale(number) is not null as is_return
    from numbered
  ),
  bought as (select *, buyer(sale) as contact from sale),
  local as (select *, country_of_contact(contact) as country from bought),
  line as (select *, unnest(range(item_count(number))) as line from local),
  sold as (
    select
      *,
      sale * 10 + line as drawn,
      bought_product(sale, line, contact) as product,
      full_price(sale, line, contact, country) as full_cents,
      line_price(sale, line, contact, country) as paid_cents
    from line
  )
select
  numbered('I', number * 10 + line, 11) as ITEM_ID,
  transaction_id(case when is_odd(drawn, 'orphan') then 9000000000 + number else number end)
    as TRANSACTION_ID,
  product_id(product) as PRODUCT_ID,
  product_name(product) as PRODUCT_NAME,
  category_of(product) as CATEGORY,
  subcategory_of(product) as SUBCATEGORY,
  brand_of(product) as BRAND,
  'SKU-' || lpad(cast(product * 7 + draw(drawn, 'variant', 7) as varchar), 8, '0') as SKU,
  told_count(
    case when is_odd(drawn, 'negative') then -1 else 1 end * quantity_of(sale, line), drawn
  ) as QUANTITY,
  cast(money(local_price(product, country)) as decimal(10, 2)) as UNIT_PRICE,
  cast(money(paid_cents) as decimal(10, 2)) as TOTAL_PRICE,
  cast(discount_of(sale, line) as decimal(5, 2)) as DISCOUNT_PERCENTAGE,
  cast(money(full_cents - paid_cents) as decimal(10, 2)) as DISCOUNT_AMOUNT,
  case
    when is_again then 1
    when draw(drawn, 'rates', 100) < 15 then pick([1, 2, 3, 4, 4, 5, 5, 5], drawn, 'rating')
  end as ITEM_RATING,
  case
    when is_odd(drawn, 'status') then 'LOST'
    when is_return or (line = 0 and comes_back(number)) then 'RETURNED'
    when is_exchange and line = 0 then 'EXCHANGED'
    else 'SOLD'
  end as ITEM_STATUS,
  case
    when category_of(product) in ('Clothing', 'Sports')
      then pick(['XS', 'S', 'M', 'L', 'XL'], drawn, 'size')
  end as SIZE,
  pick(getvariable('colors'), drawn, 'color') as COLOR,
  cast(money(5 + draw(product, 'weight', 1500)) as decimal(8, 2)) as WEIGHT
from sold
