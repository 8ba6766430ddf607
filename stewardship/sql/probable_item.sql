-- One row per proposal about a pair that no value brings up: an anchor conflict where a guard stands between the
-- two, else a probable match.
-- Grain: (item_id).
select
  item_id,
  if(is_guarded, 'anchor_conflict', 'probable_match') as kind,
  customer_id_l,
  customer_id_r,
  evidence,
  match_probability as uncertainty
from temp.probable
anti join temp.pair using (item_id)
