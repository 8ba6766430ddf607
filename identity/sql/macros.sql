-- How values are normalised before they are compared. One statement each, made for the session.
create or replace temp macro normalise_plain(value) as nullif(trim(cast(value as varchar)), '');

create or replace temp macro normalise_lower(value) as nullif(lower(trim(cast(value as varchar))), '');

create or replace temp macro normalise_email(value) as nullif(lower(trim(cast(value as varchar))), '');

create or replace temp macro normalise_digits(value) as
  nullif(regexp_replace(cast(value as varchar), '[^0-9]', '', 'g'), '');

-- Names and other attributes: case, accents and blanks do not matter.
create or replace temp macro normalise_text(value) as
  nullif(trim(regexp_replace(lower(strip_accents(cast(value as varchar))), '\s+', ' ', 'g')), '');

-- An international number keeps its country code, a national one gets that of the region, and one
-- digit over and over is left as it is, so that the junk list finds it.
create or replace temp macro normalise_phone(value, country_code) as
  case
    when normalise_digits(value) is null then null
    when replace(normalise_digits(value), left(normalise_digits(value), 1), '') = ''
      then normalise_digits(value)
    when left(trim(cast(value as varchar)), 1) = '+' then '+' || normalise_digits(value)
    when left(normalise_digits(value), 2) = '00' then '+' || substr(normalise_digits(value), 3)
    when country_code = '' then normalise_digits(value)
    else '+' || country_code || ltrim(normalise_digits(value), '0')
  end;

-- A digest in 16 bytes, which joins and sorts like a number: MD5 of the text, as a UUID.
create or replace temp macro digest(text) as cast(md5(text) as uuid);

-- Ids are made of content: of the digest of the customer's strongest, earliest identifier, else of that
-- of its one record. 80 bits: among a hundred million customers two alike are not to be expected.
create or replace temp macro customer_id_of(digest) as
  'c' || left(replace(cast(digest as varchar), '-', ''), 20);

create or replace temp macro record_customer_id(source, record_id) as
  customer_id_of(digest('record' || chr(31) || source || chr(31) || record_id));
