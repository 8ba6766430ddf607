-- One row per two parts of one customer that are different persons; `pairs` of their records are wrong.
-- `namespace` is that of the strongest joined value which both carry.
-- Grain: (part_l, part_r).
with
  pair as (
    select
      l.part as part_l,
      r.part as part_r,
      l.person as person_l,
      r.person as person_r,
      l.records * r.records as pairs
    from temp.part as l
    join temp.part as r on r.customer_id = l.customer_id and r.part > l.part
  ),
  common as (
    select pair.part_l, pair.part_r, min_by(l.namespace, l.tier) as namespace
    from pair
    join temp.part_value as l on l.part = pair.part_l and l.status = 'joined'
    join temp.part_value as r
      on r.part = pair.part_r and r.namespace = l.namespace and r.value = l.value
    group by pair.part_l, pair.part_r
  )
select
  pair.part_l,
  pair.part_r,
  pair.pairs,
  coalesce(common.namespace, 'through a third person') as joined_by,
  case
    when l.says_who and r.says_who then 'both say who they are: a rule could tell'
    else 'one shows a contact or trace alone: no rule could tell'
  end as evidence,
  case
    when name_l.person is null or name_r.person is null then 'one is in no master system'
    when name_l.full_name = name_r.full_name and name_l.born = name_r.born then 'same name and birth'
    when name_l.full_name = name_r.full_name then 'same name'
    when name_l.surname = name_r.surname then 'same surname'
    else 'different surnames'
  end as people
from pair
left join common using (part_l, part_r)
join temp.part_evidence as l on l.part = pair.part_l
join temp.part_evidence as r on r.part = pair.part_r
left join temp.person_name as name_l on name_l.person = pair.person_l
left join temp.person_name as name_r on name_r.person = pair.person_r
