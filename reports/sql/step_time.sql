-- One row per step: how long its last run took, and how many rows it wrote.
-- Grain: (step).
select step, max_by(seconds, run) as seconds, max_by(rows, run) as rows
from ops.step
group by step
order by step
