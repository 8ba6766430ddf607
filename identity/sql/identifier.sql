-- One row per identifier: what became of it, and for a shared or refused one the two customers that it
-- could not bring together. `first_keyring` is the smallest of those that it may link.
-- Grain: (identifier).
select
  verdict.identifier,
  value.namespace,
  value.value,
  verdict.status,
  verdict.reason,
  verdict.tier,
  verdict.first_keyring,
  verdict.keyrings,
  verdict.records,
  verdict.customer_l,
  verdict.customer_r,
  verdict.first_seen,
  verdict.last_seen
from identity.verdict
join identity.value using (identifier)
