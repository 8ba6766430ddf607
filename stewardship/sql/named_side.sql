-- One row per question: what its answer names of either side, whether one customer holds records of both
-- now, since when the left side carries the disputed value, and the revenue of the customers.
-- Grain: (question).
with
  named as (
    select
      question,
      list_sort(list(record) filter (where side = 'l')) as records_l,
      list_sort(list(record) filter (where side = 'r')) as records_r,
      min(event_time) filter (where side = 'l') as valid_from
    from temp.named_by_side
    group by question
  ),
  anchored as (
    select
      question,
      list_sort(list(identifier) filter (where side = 'l')) as identifiers_l,
      list_sort(list(identifier) filter (where side = 'r')) as identifiers_r
    from temp.named_anchor
    group by question
  ),
  united as (
    select distinct question
    from (
      select question, customer_id
      from temp.named_by_side
      group by question, customer_id
      having count(distinct side) = 2
    )
  )
select
  question.question,
  coalesce(named.records_l, []) as records_l,
  coalesce(named.records_r, []) as records_r,
  coalesce(anchored.identifiers_l, []) as identifiers_l,
  coalesce(anchored.identifiers_r, []) as identifiers_r,
  united.question is not null as is_united,
  named.valid_from,
  impact.impact_usd
from temp.question
left join named using (question)
left join anchored using (question)
left join united using (question)
left join stewardship.review_impact as impact on impact.item_id = question.item_id
order by question.question
