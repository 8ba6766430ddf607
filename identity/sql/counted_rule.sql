-- One row: a step of a ladder, what it compares, and what became of the blocks that are too large for it.
-- Grain: (place).
select
  cast($place as integer) as place,
  cast($rule as varchar) as rule,
  cast(coalesce(sum(owners * (owners - 1) // 2) filter (is_used), 0) as bigint) as pairs,
  count(*) filter (is_used) as blocks,
  coalesce(max(owners) filter (is_used), 0) as largest_block,
  case
    when count(*) filter (not is_used) = 0 then 'used'
    when $next is null then 'refused in part'
    else 'tightened'
  end as status,
  case
    when count(*) filter (not is_used) > 0 then
      format(
        '{:,} blocks of {:,} customers and more, the largest of {:,}, would be {:,} pairs; ',
        count(*) filter (not is_used),
        min(owners) filter (not is_used),
        max(owners) filter (not is_used),
        cast(sum(owners * (owners - 1) // 2) filter (not is_used) as bigint)
      ) || if($next is null, 'refused, raise max_pairs or name a tighter rule', 'compared where ' || $next || ' agrees too')
  end as reason
from temp.block_now
