-- One row per record whose attributes are told, and what bears them.
-- Grain: (source, record_id).
select source, record_id, keyring as bearer
from identity.record
where keyring in (select bearer from temp.holding)
union all
select source, record_id, bearer
from temp.lone_holding
