-- Tickets, campaigns and rates by number.
create or replace macro ticket_opened(ticket) as happened(ticket, getvariable('tickets'));

create or replace macro ticket_contact(ticket) as
  shopper(ticket, getvariable('tickets'), 'asks');

create or replace macro ticket_minutes(ticket) as 20 + skewed(ticket, 'takes', 5760);

-- Nobody closes what is not solved at the replay clock.
create or replace macro ticket_status(ticket) as
  case
    when ticket_opened(ticket) + ticket_minutes(ticket) * 60 >= getvariable('closed')
      or draw(ticket, 'status', 100) < 8
      then pick(['OPEN', 'IN_PROGRESS'], ticket, 'open')
    when draw(ticket, 'status', 100) < 30 then 'RESOLVED'
    else 'CLOSED'
  end;

create or replace macro ticket_priority(ticket) as
  pick(['LOW', 'LOW', 'MEDIUM', 'MEDIUM', 'MEDIUM', 'HIGH', 'URGENT'], ticket, 'priority');

create or replace macro ticket_category(ticket) as
  pick(['BILLING', 'TECHNICAL', 'PRODUCT', 'GENERAL'], ticket, 'category');

create or replace macro ticket_source(ticket) as
  pick(['EMAIL', 'PHONE', 'PHONE', 'CHAT', 'CHAT', 'SOCIAL', 'IN_PERSON'], ticket, 'source');

create or replace macro ticket_agent(ticket) as
  numbered('A', draw(ticket, 'agent', 40), 4);

-- From 1 to 5, or null: not all say.
create or replace macro ticket_score(ticket) as
  case
    when draw(ticket, 'says', 100) < 60 then pick([1, 2, 3, 4, 4, 5, 5], ticket, 'score')
  end;

create or replace macro campaign_channel(campaign) as
  ['EMAIL', 'EMAIL', 'SMS', 'PUSH', 'SOCIAL', 'IN_APP'][1 + campaign % 6];

create or replace macro campaign_name(campaign) as
  pick(getvariable('occasions'), campaign, 'occasion') || ' ' || cast(campaign + 1 as varchar);

-- One that has begun when the numbered of `total` things happens: they begin one after another, the last
-- after the replay clock.
create or replace macro running_campaign(number, total) as
  greatest(
    number * (getvariable('campaigns') - 1) // total - draw(number, 'campaign', 3),
    0
  );

-- Hundred-thousandths of a US dollar for one unit, on a day counted from the first.
create or replace macro usd_rate(currency, day) as
  [100000, 108000, 126000, 193][1 + currency]
    + case when currency = 0 then 0 else draw(day * 4 + currency, 'rate', 9) - 4 end
    * [0, 150, 180, 1][1 + currency];
