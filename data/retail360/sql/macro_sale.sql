-- Transactions by number: what they are, who bought what, and for how much.
-- Of fifty, the 8th and the 33rd give goods of an earlier one back, some days later.
create or replace macro sooner() as getvariable('transactions') * 16 // 50000 * 50 + 3;

create or replace macro later() as getvariable('transactions') * 55 // 50000 * 50 + 5;

-- The transaction whose goods come back, or null.
create or replace macro returned_sale(number) as
  case
    when number % 50 = 7 and number >= sooner() then number - sooner()
    when number % 50 = 32 and number >= later() then number - later()
  end;

create or replace macro comes_back(number) as
  (number % 50 = 4 and number + sooner() < getvariable('transactions'))
    or (number % 50 = 27 and number + later() < getvariable('transactions'));

create or replace macro buyer(sale) as shopper(sale, getvariable('transactions'), 'buyer');

create or replace macro sale_channel(sale) as
  case
    when draw(sale, 'channel', 100) < 45 then 'POS'
    when draw(sale, 'channel', 100) < 75 then 'ECOMMERCE'
    when draw(sale, 'channel', 100) < 95 then 'MOBILE'
    else 'SOCIAL'
  end;

create or replace macro sale_status(number) as
  case
    when comes_back(number) or returned_sale(number) is not null then 'COMPLETED'
    when draw(number, 'status', 1000) < 940 then 'COMPLETED'
    when draw(number, 'status', 1000) < 965 then 'FAILED'
    when draw(number, 'status', 1000) < 985 then 'CANCELLED'
    else 'PENDING'
  end;

create or replace macro item_count(number) as
  case
    when returned_sale(number) is not null then 1
    else pick([1, 1, 2, 2, 3, 3, 4, 4, 5, 6], number, 'basket')
  end;

-- Half of what people buy is of the category that they like best.
create or replace macro bought_product(sale, line, contact) as
  skewed(sale * 10 + line, 'product', getvariable('products') // 8) * 8
    + case
      when draw(sale * 10 + line, 'likes', 2) = 0 then draw(contact, 'favourite', 8)
      else draw(sale * 10 + line, 'category', 8)
    end;

create or replace macro list_price(product) as
  299 + draw(product, 'price', 120) * draw(product, 'price', 120);

-- In hundredths of the country's currency.
create or replace macro local_price(product, country) as
  list_price(product) * [100, 92, 80, 50000][1 + [0, 2, 1, 3][1 + country]] // 100;

create or replace macro quantity_of(sale, line) as
  pick([1, 1, 1, 1, 1, 1, 1, 2, 2, 3], sale * 10 + line, 'quantity');

create or replace macro discount_of(sale, line) as
  pick([0, 0, 0, 0, 0, 0, 0, 10, 15, 25], sale * 10 + line, 'discount');

create or replace macro full_price(sale, line, contact, country) as
  quantity_of(sale, line) * local_price(bought_product(sale, line, contact), country);

create or replace macro line_price(sale, line, contact, country) as
  full_price(sale, line, contact, country) * (100 - discount_of(sale, line)) // 100;

create or replace macro goods_price(sale, items, contact, country) as
  cast(
    list_sum(
      list_transform(range(items), lambda line: line_price(sale, line, contact, country))
    ) as bigint
  );

create or replace macro has_coupon(sale) as draw(sale, 'coupon', 100) < 8;

create or replace macro category_of(product) as getvariable('categories')[1 + product % 8];

create or replace macro subcategory_of(product) as
  getvariable('subcategories')[1 + product % 8 * 4 + product // 8 % 4];

create or replace macro brand_of(product) as pick(getvariable('brands'), product, 'brand');

create or replace macro product_name(product) as
  brand_of(product) || ' ' || subcategory_of(product) || ' ' || cast(100 + product // 32 as varchar);
