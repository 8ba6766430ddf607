-- One row per decision and record that it names, whatever became of the decision.
-- Grain: (decision_id, source, record_id).
with named as (
  select decision_id, kind, 'l' as side, unnest(records_l) as record
  from stewardship.decision
  union all
  select decision_id, kind, 'r' as side, unnest(records_r) as record
  from stewardship.decision
)
select
  decision_id,
  kind,
  side,
  split_part(record, ':', 1) as source,
  substr(record, instr(record, ':') + 1) as record_id
from named
where kind in ('merge', 'keep_apart', 'not_shared')
