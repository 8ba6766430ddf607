-- Draws, ids and times. Everything follows from the seed and a row's number, so that rows can be made
-- in any order, in parts, and one feed knows what another says without reading it.

-- A whole number from 0 below `sides`. The outer hash mixes the low bits, which the inner leaves alike.
create or replace macro draw(number, topic, sides) as
  cast(hash(hash(number, topic, getvariable('seed'))) % cast(sides as ubigint) as bigint);

create or replace macro pick(words, number, topic) as words[1 + draw(number, topic, len(words))];

-- The mess: a rare row.
create or replace macro is_odd(number, topic) as draw(number, topic, 100000) < getvariable('mess');

-- Places beyond the last number deliver an earlier row again.
create or replace macro number_of(place, total) as
  case when place < total then place else ((place - total) * 37 + 11) % total end;

-- Few are met often: the product of two even draws.
create or replace macro skewed(number, topic, sides) as
  draw(number, topic, sides) * draw(number, topic || ' again', sides) // sides;

create or replace macro numbered(letter, number, width) as
  letter || lpad(cast(number + 1 as varchar), width, '0');

create or replace macro customer_id(contact) as numbered('C', contact, 9);

create or replace macro store_id(store) as numbered('ST', store, 5);

create or replace macro product_id(product) as numbered('P', product, 7);

create or replace macro campaign_id(campaign) as numbered('CMP', campaign, 4);

create or replace macro session_id(visit) as numbered('S', visit, 10);

create or replace macro transaction_id(number) as numbered('T', number, 10);

create or replace macro ticket_id(ticket) as numbered('TK', ticket, 8);

create or replace macro moment(second) as to_timestamp(second);

create or replace macro day_of(second) as date '1970-01-01' + cast(second // 86400 as integer);

create or replace macro money(cents) as
  cast(cents * cast(0.01 as decimal(3, 2)) as decimal(18, 2));

create or replace macro hundredths(number) as
  cast(number * cast(0.01 as decimal(3, 2)) as decimal(5, 2));

-- The day begins at noon UTC, a morning in New York: 30, 38, 26 and 6 of 100 things happen in its quarters.
create or replace macro busy_second(second) as
  case
    when second < 25920 then second * 21600 // 25920
    when second < 58752 then 21600 + (second - 25920) * 21600 // 32832
    when second < 81216 then 43200 + (second - 58752) * 21600 // 22464
    else 64800 + (second - 81216) * 21600 // 5184
  end;

create or replace macro at_busy_hours(second) as
  second // 86400 * 86400 + busy_second(second % 86400);

-- A moment that has yet to come, for rows whose clock is wrong.
create or replace macro to_come(number) as
  getvariable('closed') + 3600 + draw(number, 'to come', 20 * 86400);

-- Seconds since 1970 at which the numbered of `total` things happens: rows come in the order of time.
create or replace macro happened(number, total) as
  getvariable('opened')
    + at_busy_hours(
      number * getvariable('span') // total
        + draw(number, 'moment', getvariable('span') // total + 1) * 9 // 10
    );
