-- What identity's SQL shares. One statement each, made for the session.

-- A digest in 16 bytes, which joins and sorts like a number: MD5 of the text, as a UUID.
create or replace temp macro digest(text) as cast(md5(text) as uuid);

-- Ids are made of content: of the digest of the customer's strongest, earliest identifier, else of that
-- of its one record. 80 bits: among a hundred million customers two alike are not to be expected.
create or replace temp macro customer_id_of(digest) as
  'c' || left(replace(cast(digest as varchar), '-', ''), 20);

create or replace temp macro record_digest(source, record_id) as
  digest('record' || chr(31) || source || chr(31) || record_id);
