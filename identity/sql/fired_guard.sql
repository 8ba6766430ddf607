-- One row per guard that kept customers apart: how many values it made shared, and how many refused.
-- Grain: (guard).
select
  if(
    starts_with(reason, 'keep_apart '),
    'kept apart by a decision',
    regexp_replace(reason, ': [0-9]+ values, at most', ': more than')
  ) as guard,
  count(*) filter (where status = 'shared') as shared,
  count(*) filter (where status = 'refused') as refused
from identity.verdict
where status in ('shared', 'refused')
group by guard
