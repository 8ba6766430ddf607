-- How a source system writes the ids behind the codes. Below zero: an empty cell (-1) or a placeholder.
create or replace temp macro moment(seconds) as to_timestamp(seconds);

create or replace temp macro loyalty_id(code) as case when code >= 0 then 'L' || lpad(cast(code + 1 as varchar), 8, '0') end;

create or replace temp macro contact_id(code) as case when code >= 0 then 'C' || lpad(cast(code + 1 as varchar), 8, '0') end;

create or replace temp macro email_hash(code) as
  case
    when code >= 0 then sha256('shopper.' || code || '@mail.example')
    when code < -1 then sha256(getvariable('placeholder_emails')[-1 - code])
  end;

create or replace temp macro phone_hash(code) as
  case
    when code >= 0 then sha256('+998' || (900000000 + code))
    when code < -1 then sha256(getvariable('placeholder_phones')[-1 - code])
  end;

create or replace temp macro device_hash(code) as sha256('device ' || code);

create or replace temp macro session_id(code) as 'S' || left(md5('visit ' || code), 16);

create or replace temp macro numbered(letter, number) as letter || lpad(cast(number + 1 as varchar), 9, '0');

create or replace temp macro usd(cents) as cast(cents * cast(0.01 as decimal(3, 2)) as decimal(18, 2));

-- Two letters change places: Timur becomes Tmiur.
create or replace temp macro mistyped(name) as
  substr(name, 1, 1) || substr(name, 3, 1) || lower(substr(name, 2, 1)) || substr(name, 4);
