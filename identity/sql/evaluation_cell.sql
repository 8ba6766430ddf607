-- One row per customer and person who have labelled records in common, with the sizes of both.
-- Grain: (customer_id, person).
with
  cell as (
    select judged.customer_id, truth.person, count(*) as records
    from temp.judged
    join temp.truth using (source, record_id)
    group by judged.customer_id, truth.person
  )
select
  customer_id,
  person,
  records,
  cast(sum(records) over (partition by customer_id) as bigint) as customer_records,
  cast(sum(records) over (partition by person) as bigint) as person_records
from cell
