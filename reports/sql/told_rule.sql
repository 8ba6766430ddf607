-- One row per blocking rule: how much it compares, and what became of the blocks that are too large for it.
-- Grain: (place).
select rule, pairs, blocks, largest_block, status, reason
from identity.blocking_rule
order by place
