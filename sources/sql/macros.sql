-- How values are normalised before they are compared. One statement each, made for the session.
-- parse_phone and parse_email are functions of Python: what is plain does not go through them.

-- Letters, digits and signs of East Asian width, and Arabic digits, in ASCII.
create or replace temp macro narrow(value) as
  case
    when regexp_matches(value, '[！-～　٠-٩۰-۹]') then translate(
      value,
      '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～　٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹',
      '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~ 01234567890123456789'
    )
    else value
  end;

-- Blanks of any kind around a value are none of it. Printable ASCII without blanks has none.
create or replace temp macro normalise_plain(value) as
  case
    when regexp_full_match(cast(value as varchar), '[!-~]+') then cast(value as varchar)
    else nullif(
      trim(
        nfc_normalize(cast(value as varchar)),
        ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(8203) || chr(12288) || chr(65279)
      ),
      ''
    )
  end;

create or replace temp macro normalise_lower(value) as lower(narrow(normalise_plain(value)));

create or replace temp macro normalise_digits(value) as
  nullif(regexp_replace(narrow(cast(value as varchar)), '[^0-9]', '', 'g'), '');

-- Printable ASCII without blanks that wraps nothing is an address already.
create or replace temp macro normalise_email(value) as
  case
    when value is null then null
    when regexp_full_match(trim(cast(value as varchar)), '[!-9;=?-~]+')
      then lower(trim(cast(value as varchar)))
    else parse_email(cast(value as varchar))
  end;

-- What is written between the digits of a number and means nothing.
create or replace temp macro compact_phone(value) as
  replace(replace(replace(replace(replace(replace(
    cast(value as varchar), ' ', ''), '-', ''), '(', ''), ')', ''), '.', ''), '/', '');

-- A number without its punctuation in E.164, or null where only the library can say what it is: see
-- sources/phones.py.
create or replace temp macro plain_phone(compact, region) as
  case
    when regexp_full_match(compact, getvariable('phone_nothing')) then null
    when left(compact, 1) = '+' then
      case
        when
          regexp_full_match(compact, getvariable('phone_general'))
          and regexp_full_match(compact, getvariable('phone_length'))
          and regexp_extract(compact, getvariable('phone_prefix'))
            = regexp_extract(compact, getvariable('phone_code'))
          then compact
      end
    when
      regexp_full_match(compact, getvariable('phone_general_' || region))
      and regexp_full_match(compact, getvariable('phone_length_' || region))
      and regexp_extract(compact, getvariable('phone_prefix_' || region)) = ''
      then '+' || getvariable('phone_code_' || region) || compact
  end;

create or replace temp macro normalise_phone(value, region) as
  case
    when value is not null then coalesce(
      plain_phone(cast(value as varchar), region),
      plain_phone(compact_phone(value), region),
      parse_phone(cast(value as varchar), region)
    )
  end;

-- Names and other attributes: case, accents, width and blanks do not matter.
create or replace temp macro normalise_text(value) as
  nullif(
    trim(
      regexp_replace(lower(strip_accents(narrow(cast(value as varchar)))), '[\s\pZ]+', ' ', 'g')
    ),
    ''
  );

-- Midnight of a day is the day, however much of its time is written.
create or replace temp macro without_midnight(value) as
  regexp_replace(
    value,
    '^([0-9]{4}-[0-9]{2}-[0-9]{2})[ t]00:00(:00([.]0+)?)?(z|[+]00(:?00)?)?$',
    '\1'
  );

-- What stands for "nothing" is no attribute: it neither guards nor makes a match key.
create or replace temp macro attribute_or_null(value) as
  case
    when list_contains(getvariable('junk_words'), value) then null
    when strlen(value) in (32, 40, 64) and list_contains(getvariable('junk_digests'), value) then null
    else value
  end;

create or replace temp macro normalise_attribute(value) as
  list_transform(
    [without_midnight(normalise_text(value))], lambda text: attribute_or_null(text)
  )[1];
