-- One row per flag, source and treatment of the rows of silver: how many rows there are.
-- Grain: (flag, source, treatment).
select flag, source, treatment, count(*) as rows, min(event_time) as first_at, max(event_time) as last_at
from silver.row_flag
group by flag, source, treatment
order by flag, source, treatment
