-- One row per comparison of a pair of customers that was scored in this run.
-- Grain: (customer_id_l, customer_id_r, place).
select
  l.customer_id as customer_id_l,
  r.customer_id as customer_id_r,
  told.place,
  told.comparison,
  told.words,
  told.weight
from temp.scored_weight as told
join temp.numbered as l on l.owner = told.owner_l
join temp.numbered as r on r.owner = told.owner_r
order by customer_id_l, customer_id_r, told.place
