-- One row per decision in force and record that it names. On which side of a merge a record was makes no
-- difference to what it carries.
-- Grain: (decision_id, source, record_id).
select
  named.decision_id,
  named.kind,
  if(named.kind = 'merge', 'both', named.side) as side,
  named.source,
  named.record_id
from temp.named_record as named
semi join stewardship.decision_in_force as decision using (decision_id)
