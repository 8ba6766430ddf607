-- One row per keyring and identifier that it carries, with what became of the identifier.
-- Grain: (keyring, namespace, value).
select
  observation.keyring,
  observation.namespace,
  observation.value,
  identifier.status,
  identifier.reason,
  identifier.tier,
  identifier.customer_l,
  identifier.customer_r
from identity.observation
join identity.identifier using (identifier)
