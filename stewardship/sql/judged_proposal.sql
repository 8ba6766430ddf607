-- One row per item that was proposed with a match weight and that people have answered with yes or no, as it stands.
-- What rules have decided does not count: they would judge themselves.
-- Grain: (item_id).
select
  score.item_id,
  score.model,
  score.match_weight,
  score.match_probability,
  decision.kind = 'merge' as is_right
from stewardship.decision_in_force as decision
join stewardship.review_score as score using (item_id)
where decision.kind in ('merge', 'keep_apart')
  and not starts_with(decision.provenance, 'rule:')
qualify row_number() over (partition by score.item_id order by decision.number desc) = 1
order by score.item_id
