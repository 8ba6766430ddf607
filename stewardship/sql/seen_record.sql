-- One row per question and record that one of its sides held in the run that it speaks of, as far as there
-- is such a record today: how well the record says who it is, and whose it is now.
-- Grain: (question, source, record_id).
with
  end_of as (
    select question, customer_l as customer_id, 'l' as side, run
    from temp.question
    where customer_r is not null
    union all
    select question, customer_r as customer_id, 'r' as side, run
    from temp.question
    where customer_r is not null
  ),
  placed as (
    select end_of.question, end_of.side, member.source, member.record_id
    from identity.member
    join end_of using (customer_id)
    where member.from_run <= end_of.run
      and coalesce(member.to_run > end_of.run, true)
    union all
    -- The two halves of one customer.
    select question.question, part.side, member.source, member.record_id
    from identity.member
    join temp.question on question.customer_l = member.customer_id
    join stewardship.review_part as part
      on part.item_id = question.item_id
      and part.keyring = member.keyring
    where question.customer_r is null
      and member.from_run <= question.run
      and coalesce(member.to_run > question.run, true)
  )
select
  placed.question,
  placed.side,
  placed.source,
  placed.record_id,
  record.keyring,
  record.event_time,
  now.customer_id,
  list_contains($mastering, placed.source) as is_mastered,
  coalesce(cluster.is_identified, false) as is_identified
from placed
join identity.record as record using (source, record_id)
join identity.member as now
  on now.source = placed.source
  and now.record_id = placed.record_id
  and now.to_run is null
left join identity.cluster on cluster.keyring = record.keyring
