-- One row per row of the list and block of customers that it belongs to at a step of a ladder. The smallest are used,
-- as far as the row's candidates stay within its share.
-- Grain: (number, key).
with
  size as (
    select key, count(*) as customers
    from temp.match_keyed
    group by key
  )
select
  asked.number,
  asked.key,
  size.customers,
  sum(size.customers) over (partition by asked.number order by size.customers, asked.key)
    <= budget.candidates // $ladders as is_used
from temp.match_asked as asked
join size using (key)
join temp.match_budget as budget using (number)
