-- One row per customer who can be reached: they carry an identifier by which people are ($contact_tiers), and
-- which is no junk.
-- Grain: (customer_id).
select distinct cluster.customer_id
from identity.verdict
join identity.carried using (identifier)
join identity.cluster using (keyring)
where list_contains(cast($contact_tiers as integer[]), verdict.tier)
  and verdict.status not in ('junk', 'generic', 'suppressed')
