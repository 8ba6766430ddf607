-- What identity's SQL shares. One statement each, made for the session.

-- A digest in 16 bytes, which joins and sorts like a number: MD5 of the text, as a UUID.
create or replace temp macro digest(text) as cast(md5(text) as uuid);

-- Ids are made of content: of the digest of the customer's strongest, earliest identifier, else of that
-- of its one record. 80 bits: among a hundred million customers two alike are not to be expected.
create or replace temp macro customer_id_of(digest) as
  'c' || left(replace(cast(digest as varchar), '-', ''), 20);

create or replace temp macro record_digest(source, record_id) as
  digest('record' || chr(31) || source || chr(31) || record_id);
;

-- Values as they are compared for likeness: letters, digits and single blanks.
create or replace temp macro comparable_text(value) as
  nullif(trim(regexp_replace(normalise_attribute(value), '[^\p{L}\p{N}]+', ' ', 'g')), '');

-- Numbers of houses, documents and postal districts: letters and digits alone.
create or replace temp macro comparable_code(value) as
  nullif(regexp_replace(normalise_attribute(value), '[^\p{L}\p{N}]+', '', 'g'), '');

-- A day as year-month-day, in whatever usual order it is written; of 03/04/1980 the month is taken first,
-- and the comparison knows turned ones. What is no day keeps its letters and digits.
create or replace temp macro comparable_day(text) as
  case
    when regexp_matches(text, '^(18|19|20)[0-9]{2}[-/. ]?(0[0-9]|1[0-2])[-/. ]?[0-3][0-9]$')
      then regexp_replace(text, '^([0-9]{4})[-/. ]?([0-9]{2})[-/. ]?([0-9]{2})$', '\1-\2-\3')
    when regexp_matches(text, '^[0-9]{8}$')
      then regexp_replace(text, '^([0-9]{2})([0-9]{2})([0-9]{4})$', '\3-\1-\2')
    when regexp_matches(text, '^[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{4}$')
      then regexp_extract(text, '([0-9]{4})$', 1) || '-'
        || lpad(regexp_extract(text, '^([0-9]{1,2})', 1), 2, '0') || '-'
        || lpad(regexp_extract(text, '^[0-9]{1,2}[-/. ]([0-9]{1,2})', 1), 2, '0')
    else coalesce(
      strftime(
        try_strptime(text, ['%m/%d/%y', '%d-%b-%y', '%d-%b-%Y', '%d %b %Y', '%b %d %Y', '%B %d %Y', '%d %B %Y']),
        '%Y-%m-%d'
      ),
      nullif(regexp_replace(text, '[^\p{L}\p{N}]+', '', 'g'), '')
    )
  end;

create or replace temp macro comparable_date(value) as comparable_day(replace(normalise_attribute(value), ',', ''));

-- Contact data is compared by keyed digests, also where the configuration does not hash it: what has learned
-- from it leaves the warehouse.
create or replace temp macro comparable_contact(field, value) as
  cast(digest(field || chr(31) || getvariable('contact_salt') || chr(31) || normalise_attribute(value)) as varchar);

create or replace temp macro comparable_identifier(identifier) as
  cast(digest(getvariable('contact_salt') || chr(31) || cast(identifier as varchar)) as varchar)
