-- One row per profile that is neither an activation candidate nor excluded, or both at once.
-- Grain: (customer_id).
with
  answer as (
    select customer_id, 'candidate' as status from gold.activation_candidates
    union all
    select customer_id, 'excluded' from gold.activation_excluded where audience = 'candidates'
  )
select customer_id, count(answer.status) as answers, string_agg(answer.status, ', ' order by answer.status) as status
from gold.customer_360
left join answer using (customer_id)
group by customer_id
having count(answer.status) <> 1
order by customer_id
