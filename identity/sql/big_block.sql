-- One row per large block of a step: its size, its pairs, and whether they are compared.
-- Grain: (rule, shown).
with
  large as (
    select key, owners, is_used
    from temp.block_now
    order by owners desc, key
    limit $most_told
  )
select
  cast($place as integer) as place,
  cast($rule as varchar) as rule,
  left(min(keyed.shown), 40) as shown,
  any_value(large.owners) as owners,
  any_value(large.owners * (large.owners - 1) // 2) as pairs,
  case
    when any_value(large.is_used) then 'compared'
    when $next is null then 'refused'
    else 'tightened'
  end as status
from large
join temp.keyed using (key)
group by large.key
