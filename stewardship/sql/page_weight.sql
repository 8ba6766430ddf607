-- One row per comparison of a proposal, the one that says most first; what any two begin with is last.
-- Grain: (place).
select
  if(weight.place = 0, 'what any two begin with', weight.words) as words,
  weight.weight
from identity.proposal_weight as weight
where weight.customer_id_l = least($customer_id_l, $customer_id_r)
  and weight.customer_id_r = greatest($customer_id_l, $customer_id_r)
order by weight.place = 0, abs(weight.weight) desc, weight.place
