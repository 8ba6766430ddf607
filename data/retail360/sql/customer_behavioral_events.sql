-- One row per step of a visit; some visits are delivered twice.
-- Grain: (EVENT_ID), but for second deliveries.
with
  numbered as (
    select number_of(range, getvariable('sessions')) as visit
    from range(getvariable('first'), getvariable('last'))
  ),
  ordered as (select visit, order_of_visit(visit) as order_number from numbered),
  sized as (
    select
      *,
      step_count(visit, order_number) as steps,
      visitor(visit, order_number) as contact
    from ordered
  ),
  begun as (
    select
      *,
      visit_start(visit, order_number, steps) as started,
      signed_in_from(visit, order_number, steps) as signed_in_from,
      country_of_contact(contact) as country,
      city_of(home_of(person_of(contact))) as city,
      is_bot(visit) as is_bot,
      is_handed_on(visit, contact) as is_handed_on,
      device_of(visit, contact) as device,
      traffic_source(visit) as traffic
    from sized
  ),
  step as (select *, unnest(range(steps)) as step from begun),
  kind as (
    select
      *,
      visit * 1000 + step as number,
      step_kind(visit, step, steps, order_number) as kind,
      seen_product(visit, step) as product,
      elapsed(visit, step, steps) as after
    from step
  ),
  told as (
    select
      *,
      kind in ('product', 'cart', 'wishlist', 'zoom') as is_of_product,
      is_page(kind) as is_page
    from kind
  )
select
  numbered('E', number, 13) as EVENT_ID,
  case
    when step < signed_in_from then null
    when is_odd(visit, 'unknown customer') then customer_id(900000000 + visit)
    when is_handed_on and step * 2 > steps then customer_id(relative_of(contact))
    else customer_id(contact)
  end as CUSTOMER_ID,
  case when not is_odd(number, 'no session') then session_id(visit) end as SESSION_ID,
  case
    when is_odd(number, 'type') then 'HOVER'
    when is_page then 'PAGE_VIEW'
    when kind = 'cart' then 'CART_ADD'
    when kind = 'search' then 'SEARCH'
    when kind = 'scroll' then 'SCROLL'
    else 'CLICK'
  end as EVENT_TYPE,
  told_moment(
    case when is_odd(number, 'future') then to_come(number) else started + after end, number
  ) as EVENT_DATE,
  'https://www.retail360.example/'
    || case
      when kind = 'wishlist' then 'wishlist/' || product_id(product)
      when is_of_product then 'product/' || product_id(product)
      when kind = 'category' then 'category/' || lower(category_of(product))
      when kind in ('search', 'results') then 'search'
      when kind = 'home' or not is_page then ''
      else kind
    end as PAGE_URL,
  case
    when is_of_product then product_name(product)
    when kind = 'category' then category_of(product)
    else upper(left(kind, 1)) || kind[2:]
  end || ' | Retail 360' as PAGE_TITLE,
  case when is_of_product then product_id(product) end as PRODUCT_ID,
  case when is_of_product or kind = 'category' then category_of(product) end as CATEGORY_VIEWED,
  case
    when kind <> 'search' then null
    when draw(number, 'types address', 200) = 0 then email_of(person_of(contact))
    else lower(brand_of(product) || ' ' || subcategory_of(product))
  end as SEARCH_QUERY,
  case
    when is_page and step + 1 < steps
      then cast(elapsed(visit, step + 1, steps) - after as integer)
  end as TIME_ON_PAGE,
  case
    when is_odd(number, 'scroll') then 9.99
    when is_page or kind = 'scroll' then hundredths(draw(number, 'scrolled', 101))
  end as SCROLL_DEPTH,
  case when is_odd(number, 'device') then 'SMART_TV' else device end as DEVICE_TYPE,
  case
    when is_bot then pick(['Googlebot', 'bingbot', 'AhrefsBot'], visit, 'bot name')
    when device = 'DESKTOP' then pick(['Chrome', 'Chrome', 'Edge', 'Firefox', 'Safari'], contact, 'browser')
    else pick(['Safari', 'Chrome', 'Samsung Internet'], contact, 'browser')
  end as BROWSER,
  case
    when is_bot then 'Linux'
    when device = 'DESKTOP' then pick(['Windows', 'Windows', 'macOS', 'Linux'], contact, 'system')
    else pick(['iOS', 'Android'], contact, 'system')
  end as OPERATING_SYSTEM,
  getvariable('countries')[1 + country] as LOCATION_COUNTRY,
  getvariable('cities')[city] as LOCATION_CITY,
  case when step = 0 and not is_bot then referrer_of(traffic) end as REFERRER_URL
from told
