-- One row per text that an attribute has anywhere: as it is compared, and as it may be printed. What stands for
-- "nothing" has no row.
-- Grain: (text).
with
  written as (
    select distinct text
    from temp.bearer_text
    where text is not null
  ),
  normalised as (
    select text, normalise_attribute(text) as value
    from written
  )
select text, value, printable(text) as printable
from normalised
where value is not null
