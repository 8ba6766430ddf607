-- One row per observation that does not link, although its value links others: too old beside the latest of
-- its value, or ruled out by a decision.
-- Grain: (keyring, identifier).
select carried.keyring, carried.identifier
from identity.verdict
join identity.carried using (identifier)
join identity.keyring using (keyring)
where verdict.links_from is not null
  and keyring.last_seen < verdict.links_from
union
select keyring, identifier
from identity.disowned
