-- One row per merge or keep_apart that nobody revoked, as checking compares it with drafts.
-- Grain: (ruling).
select
  standing.number as ruling,
  standing.kind,
  standing.decision_id,
  standing.decided_by,
  standing.records_l,
  standing.records_r,
  standing.identifiers_l,
  standing.identifiers_r
from temp.standing_decision as standing
where standing.kind in ('merge', 'keep_apart')
