-- Visits by number: who comes, for how long, and what happens at each step.
-- Some orders of the web shop and the app end a visit; both are numbered in the order of time.
create or replace macro order_at(visit) as
  (visit * getvariable('transactions') + getvariable('sessions') - 1) // getvariable('sessions');

create or replace macro ends_a_visit(number, visit) as
  number < getvariable('transactions')
    and number * getvariable('sessions') // getvariable('transactions') = visit
    and draw(number, 'from a visit', 100) < 15
    and sale_channel(number) in ('ECOMMERCE', 'MOBILE')
    and sale_status(number) = 'COMPLETED'
    and returned_sale(number) is null;

create or replace macro order_of_visit(visit) as
  case when ends_a_visit(order_at(visit), visit) then order_at(visit) end;

create or replace macro is_bot(visit) as draw(visit, 'bot', 1000) < 4;

create or replace macro step_count(visit, order_number) as
  case
    when order_number is not null then 6 + draw(visit, 'steps', 12)
    when is_bot(visit) then 30 + draw(visit, 'steps', 40)
    when draw(visit, 'bounces', 100) < 30 then 1
    else 2 + draw(visit, 'steps', 20)
  end;

create or replace macro pace(visit) as
  case when is_bot(visit) then 1 else 5 + draw(visit, 'pace', 85) end;

-- Seconds from the first step to the given one; a few people go for lunch in between.
create or replace macro elapsed(visit, step, steps) as
  case
    when step = 0 then 0
    else step * pace(visit) + draw(visit * 1000 + step, 'delay', pace(visit))
      + case when draw(visit, 'lunch', 200) = 0 and step * 2 > steps then 2700 else 0 end
  end;

create or replace macro visit_start(visit, order_number, steps) as
  case
    when order_number is not null
      then happened(order_number, getvariable('transactions')) - elapsed(visit, steps - 1, steps)
    else happened(visit, getvariable('sessions'))
  end;

create or replace macro visitor(visit, order_number) as
  case
    when order_number is not null then buyer(order_number)
    else shopper(visit, getvariable('sessions'), 'visitor')
  end;

-- The step from which on the visitor is signed in: at once, later, or never.
create or replace macro signed_in_from(visit, order_number, steps) as
  case
    when order_number is not null then 0
    when is_bot(visit) then steps
    when draw(visit, 'signs in', 100) < 45 then 0
    when draw(visit, 'signs in', 100) < 70 then (steps + 1) // 2
    else steps
  end;

-- A tablet that goes from hand to hand: the visit of one goes on as another's.
create or replace macro is_handed_on(visit, contact) as
  draw(visit, 'handed on', 1000) < 12 and is_household(person_of(contact));

create or replace macro device_of(visit, contact) as
  case
    when is_handed_on(visit, contact) then 'TABLET'
    else pick(
      ['MOBILE', 'MOBILE', 'MOBILE', 'MOBILE', 'MOBILE', 'DESKTOP', 'DESKTOP', 'DESKTOP', 'TABLET'],
      case when draw(visit, 'own device', 10) < 8 then contact else visit end,
      'device'
    )
  end;

create or replace macro traffic_source(visit) as
  pick(getvariable('traffic_sources'), visit, 'traffic');

create or replace macro referrer_of(traffic) as
  nullif(getvariable('referrers')[list_position(getvariable('traffic_sources'), traffic)], '');

create or replace macro visit_campaign(visit) as
  case
    when traffic_source(visit) in ('EMAIL', 'FACEBOOK') or draw(visit, 'campaign', 10) = 0
      then campaign_id(running_campaign(visit, getvariable('sessions')))
  end;

create or replace macro step_kind(visit, step, steps, order_number) as
  case
    when order_number is not null and step = steps - 1 then 'confirmation'
    when order_number is not null and step = steps - 2 then 'checkout'
    when order_number is not null and step = steps - 3 then 'cart'
    when step = 0 then pick(['home', 'home', 'category', 'product'], visit, 'lands on')
    when is_bot(visit) then pick(['category', 'product'], visit * 1000 + step, 'step')
    when draw(visit, 'wants to buy', 10) < 2
      then pick(getvariable('buying_steps'), visit * 1000 + step, 'step')
    else pick(getvariable('looking_steps'), visit * 1000 + step, 'step')
  end;

create or replace macro is_page(kind) as
  kind in ('home', 'category', 'product', 'checkout', 'confirmation', 'account', 'help', 'results');

create or replace macro seen_product(visit, step) as
  skewed(visit * 1000 + step, 'seen', getvariable('products') // 8) * 8 + draw(visit, 'category', 8);
