-- One row per visit as the web analytics measured it; some are delivered twice.
-- Grain: (SESSION_ID), but for second deliveries.
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
      elapsed(visit, steps - 1, steps) as seconds,
      signed_in_from(visit, order_number, steps) as signed_in_from,
      country_of_contact(contact) as country,
      len(list_filter(range(steps), lambda step: is_page(step_kind(visit, step, steps, order_number))))
        as pages
    from sized
  )
select
  session_id(visit) as SESSION_ID,
  case
    when signed_in_from = steps then null
    when is_odd(visit, 'unknown customer') then customer_id(900000000 + visit)
    else customer_id(contact)
  end as CUSTOMER_ID,
  told_moment(started, visit) as SESSION_START,
  moment(started + seconds) as SESSION_END,
  cast(seconds as integer) as SESSION_DURATION,
  cast(pages as integer) as PAGE_VIEWS,
  case when steps = 1 then 1.00 else hundredths(draw(visit, 'bounce rate', 60)) end as BOUNCE_RATE,
  order_number is not null as CONVERSION_EVENT,
  case
    when order_number is not null
      then cast(
        money(goods_price(order_number, item_count(order_number), contact, 0)) as decimal(10, 2)
      )
  end as CONVERSION_VALUE,
  traffic_source(visit) as TRAFFIC_SOURCE,
  visit_campaign(visit) as CAMPAIGN_ID
from begun
