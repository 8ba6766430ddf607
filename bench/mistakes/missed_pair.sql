-- One row per two parts of one person that are different customers; `pairs` of their records are missed.
-- The best value in common says why: it was heard and lost (refused, shared), or could say nothing.
-- Grain: (part_l, part_r).
with
  pair as (
    select l.part as part_l, r.part as part_r, l.records * r.records as pairs
    from temp.part as l
    join temp.part as r on r.person = l.person and r.part > l.part
  ),
  common as (
    select
      pair.part_l,
      pair.part_r,
      min_by(
        {'status': l.status, 'namespace': l.namespace, 'guard': split_part(l.reason, ':', 1)},
        case l.status when 'refused' then 0 when 'shared' then 100 else 200 end + l.tier
      ) as best
    from pair
    join temp.part_value as l on l.part = pair.part_l
    join temp.part_value as r
      on r.part = pair.part_r and r.namespace = l.namespace and r.value = l.value
    group by pair.part_l, pair.part_r
  )
select
  pair.part_l,
  pair.part_r,
  pair.pairs,
  case
    when common.best.status in ('refused', 'shared')
      then 'a guard: ' || common.best.namespace || ' ' || common.best.status || ' for ' || common.best.guard
    when common.best.status is not null
      then 'only ' || common.best.status || ' in common: ' || common.best.namespace
    when not l.has_value or not r.has_value then 'nothing in common: one carries no value at all'
    when not l.has_link or not r.has_link then 'nothing in common: one carries no value that may link'
    when l.has_master and r.has_master then 'nothing in common: both in a master system'
    when l.says_who and r.says_who then 'nothing in common: both say who they are'
    when (l.says_who or l.has_contact) and (r.says_who or r.has_contact)
      then 'nothing in common: one known by a contact alone'
    else 'nothing in common: one known by traces alone'
  end as cause,
  case
    when common.best.status in ('refused', 'shared') then 'a guard held'
    when common.best.status is not null then 'generic or junk alone'
    when l.has_master and r.has_master then 'names could be compared'
    else 'no rule could tell'
  end as verdict
from pair
left join common using (part_l, part_r)
join temp.part_evidence as l on l.part = pair.part_l
join temp.part_evidence as r on r.part = pair.part_r
