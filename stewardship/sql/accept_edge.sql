-- One row per scored pair of customers that a rule may join to others, and whether it may join these two.
-- Grain: (customer_id_l, customer_id_r).
select
  proposal.customer_id_l,
  proposal.customer_id_r,
  proposal.match_probability,
  coalesce(acceptable.is_allowed, false) as is_allowed
from identity.proposal
left join temp.acceptable using (customer_id_l, customer_id_r)
where proposal.customer_id_l in (select customer_id from temp.joinable)
  and proposal.customer_id_r in (select customer_id from temp.joinable)
order by proposal.customer_id_l, proposal.customer_id_r
