-- One row per part and keyring of it; has_master: one of its records is in a source that masters people.
-- Grain: (part, keyring).
select
  part.part,
  judged.keyring,
  bool_or(list_contains($mastering, judged.source)) as has_master
from temp.judged
join temp.truth using (source, record_id)
join temp.part using (customer_id, person)
group by part.part, judged.keyring
