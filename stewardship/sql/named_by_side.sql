-- One row per question and record that its answer names. A merge names as little as says who it is, a
-- keep_apart all that could bring the sides together again, a not_shared the records that carry the value.
-- Grain: (question, source, record_id).
with
  best as (
    select
      question,
      side,
      bool_or(is_mastered) as has_mastered,
      bool_or(is_identified) as has_identified
    from temp.seen_record
    group by question, side
  ),
  disputed as (
    select question.question, carried.keyring
    from temp.question
    join identity.value
      on value.namespace = question.namespace
      and value.value = question.value
    join identity.carried using (identifier)
  )
select
  seen.question,
  seen.side,
  seen.source || ':' || seen.record_id as record,
  seen.keyring,
  seen.event_time,
  seen.customer_id
from temp.seen_record as seen
join temp.question using (question)
join best using (question, side)
left join disputed
  on disputed.question = seen.question
  and disputed.keyring = seen.keyring
where case
  when question.kind = 'not_shared' then disputed.keyring is not null
  when question.kind = 'keep_apart' and question.customer_r is null then true
  when question.kind = 'keep_apart'
    then seen.is_mastered or seen.is_identified or not (best.has_mastered or best.has_identified)
  when best.has_mastered then seen.is_mastered
  when best.has_identified then seen.is_identified
  else true
end
