-- Persons, their homes, and the contacts that the CRM has of them. A person has a number; those beyond the
-- persons' number are second contacts of some of them.
create or replace macro person_of(contact) as
  case
    when contact < getvariable('people') then contact
    else ((contact - getvariable('people')) * 31 + 7) % getvariable('people')
  end;

-- Three persons in a row may be a household; its home is the number of the first.
create or replace macro is_household(person) as draw(person // 3, 'household', 100) < 35;

create or replace macro home_of(person) as
  case when is_household(person) then person // 3 * 3 else person end;

-- Another of the household, as a contact.
create or replace macro relative_of(contact) as
  least(
    person_of(contact) // 3 * 3 + (person_of(contact) + 1) % 3,
    getvariable('people') - 1
  );

-- 0 USA, 1 United Kingdom, 2 Germany, 3 Kazakhstan.
create or replace macro country_of(home) as
  pick([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3], home, 'country');

create or replace macro country_of_contact(contact) as country_of(home_of(person_of(contact)));

create or replace macro city_of(home) as 1 + country_of(home) * 6 + draw(home, 'city', 6);

create or replace macro is_woman(person) as draw(person, 'gender', 2) = 0;

create or replace macro first_name_of(person) as
  case
    when is_woman(person) then pick(getvariable('women'), person, 'first name')
    else pick(getvariable('men'), person, 'first name')
  end;

create or replace macro last_name_of(home) as
  pick(getvariable('name_stems'), home, 'stem') || pick(getvariable('name_endings'), home, 'ending');

create or replace macro birth_date_of(person) as
  date '1945-01-01' + cast(draw(person, 'born', 22000) as integer);

-- Some households have one address for all.
create or replace macro mailbox_of(person) as
  case when draw(home_of(person), 'one mailbox', 100) < 10 then home_of(person) else person end;

create or replace macro email_of(person) as
  lower(first_name_of(mailbox_of(person)) || '.' || last_name_of(home_of(person)))
    || mailbox_of(person) || '@' || pick(getvariable('providers'), mailbox_of(person), 'provider');

create or replace macro telephone_of(person) as
  case when draw(home_of(person), 'one telephone', 100) < 40 then home_of(person) else person end;

create or replace macro american_number(k) as
  getvariable('areas')[1 + k // 8000000]
    || cast(200 + k // 10000 % 800 as varchar) || lpad(cast(k % 10000 as varchar), 4, '0');

create or replace macro phone_of(telephone) as
  case country_of(home_of(telephone))
    when 0 then '+1' || american_number((telephone * 7919 + 101) % 240000000)
    when 1 then '+4474' || lpad(cast((telephone * 7919 + 101) % 100000000 as varchar), 8, '0')
    when 2 then '+49151' || lpad(cast((telephone * 7919 + 101) % 100000000 as varchar), 8, '0')
    else '+7701' || lpad(cast(telephone % 10000000 as varchar), 7, '0')
  end;

-- An American number is also written without its country, in three ways.
create or replace macro written_phone(phone, style) as
  case
    when phone not like '+1%' or style < 4 then phone
    when style < 7 then format('({}) {}-{}', phone[3:5], phone[6:8], phone[9:])
    when style < 9 then format('{}.{}.{}', phone[3:5], phone[6:8], phone[9:])
    else phone[3:]
  end;

create or replace macro preferred_store(contact) as
  draw(home_of(person_of(contact)), 'store', getvariable('stores'));

-- Who is met at the numbered occasion: few contacts often. Some stay away from the middle of the period on.
create or replace macro met(number, topic) as
  skewed(number, topic, getvariable('customers')) * 15485863 % getvariable('customers');

create or replace macro shopper(number, total, topic) as
  case
    when number * 2 > total and draw(met(number, topic), 'stays away', 100) < 15
      then met(number, topic || ' instead')
    else met(number, topic)
  end;
