-- One row per person whose records lie with several customers, and each of these customers with its
-- first record; the persons with most missed pairs, worst first, their largest customers first.
-- Grain: (person, customer_id).
with
  worst as (
    select
      person,
      max(person_records) as records,
      count(*) as customers,
      cast((max(person_records) * max(person_records) - sum(records * records)) / 2 as bigint) as missed_pairs
    from temp.evaluation_cell
    where records < person_records
    group by person
    order by missed_pairs desc, person
    limit $examples
  ),
  labelled as (
    select worst.person, truth.source, truth.record_id
    from worst
    join temp.truth using (person)
  ),
  part as (
    select
      labelled.person,
      judged.customer_id,
      count(*) as records,
      min({'source': judged.source, 'record_id': judged.record_id}) as first_record
    from labelled
    join temp.judged using (source, record_id)
    group by labelled.person, judged.customer_id
  )
select
  worst.person,
  worst.records,
  worst.customers,
  worst.missed_pairs,
  part.customer_id,
  part.first_record.source as source,
  part.first_record.record_id as record_id
from worst
join part using (person)
order by worst.missed_pairs desc, worst.person, part.records desc, part.customer_id
