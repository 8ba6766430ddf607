-- What stewardship's SQL shares. One statement each, made for the session.

-- The id of a review item, of the parts that it is about.
create or replace temp macro item_id_of(parts) as
  'i_' || left(md5(array_to_string(parts, chr(31))), 12);

-- Text in which nothing can move a terminal's cursor.
create or replace temp macro printable(text) as
  regexp_replace(text, '[\pC\p{Zl}\p{Zp}]', '?', 'g');

-- What may be printed of a value, as identity/explain_evidence.py has it: never contact data, never a whole
-- hash. Of a contact that is stored as it is, the beginning of its digest stands for it.
create or replace temp macro shown_value(value, identifier, is_hashed, is_contact) as
  case
    when is_hashed or regexp_full_match(value, '[0-9a-f]{32,}') then left(value, 8) || '…'
    when is_contact then left(cast(identifier as varchar), 8) || '…'
    when length(value) > 24 then printable(left(value, 8)) || '…'
    else printable(value)
  end;

-- A match probability in words. What is nearly certain is not rounded to what is certain.
create or replace temp macro told_probability(match_probability) as
  if(match_probability >= 0.9995, 'over 99.9 %', format('{:.1f} %', 100 * match_probability));
