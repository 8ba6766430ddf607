-- One row per block of two or more owners at a step of a ladder. The smallest are used, all of one size alike,
-- as far as their pairs stay within $share.
-- Grain: (key).
with
  block as (
    select key, count(distinct owner) as owners
    from temp.keyed
    group by key
    having count(distinct owner) > 1
  ),
  size_class as (
    select owners, sum(owners * (owners - 1) // 2) as pairs
    from block
    group by owners
  ),
  running as (
    select owners, sum(pairs) over (order by owners) <= $share as is_used
    from size_class
  )
select
  cast($place as integer) as place,
  cast($rule as varchar) as rule,
  block.key,
  block.owners,
  running.is_used
from block
join running using (owners)
