-- One row per pair of customers that was scored in this run and may be one person.
-- Grain: (customer_id_l, customer_id_r).
select
  l.customer_id as customer_id_l,
  r.customer_id as customer_id_r,
  cast($model as varchar) as model,
  scored.match_weight,
  scored.match_probability,
  rule.rule
from temp.scored as scored
join temp.numbered as l on l.owner = scored.owner_l
join temp.numbered as r on r.owner = scored.owner_r
join temp.candidate as candidate
  on candidate.owner_l = scored.owner_l
  and candidate.owner_r = scored.owner_r
join temp.counted_rule as rule using (place)
order by customer_id_l, customer_id_r
