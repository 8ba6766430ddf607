-- One row per keyring and identifier that holds it in the customer, the bridge left out; identifiers are nodes
-- below zero.
-- Grain: (l, r).
select
  torn.node as l,
  -dense_rank() over (order by torn.bridge, carried.identifier) as r
from temp.torn_keyring as torn
join identity.carried using (keyring)
join identity.verdict using (identifier)
anti join temp.idle_observation as idle
  on idle.keyring = carried.keyring
  and idle.identifier = carried.identifier
where verdict.status = 'joined'
  and carried.identifier <> torn.bridge
