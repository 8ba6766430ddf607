-- One row per proposal that is likely enough to be asked, and that no keep_apart answers.
-- Grain: (item_id).
select
  item_id_of(['pair', proposal.customer_id_l, proposal.customer_id_r]) as item_id,
  proposal.customer_id_l,
  proposal.customer_id_r,
  proposal.model,
  proposal.match_weight,
  proposal.match_probability
from identity.proposal
anti join temp.separated using (customer_id_l, customer_id_r)
where proposal.match_probability >= $review_above
