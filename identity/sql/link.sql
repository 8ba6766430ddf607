-- One row per keyring and identifier that it carries, with what became of the observation. One that is
-- too old beside the latest of the value (`ttl_days`) is refused.
-- Grain: (keyring, namespace, value).
select
  carried.keyring,
  value.namespace,
  value.value,
  if(keyring.last_seen < verdict.links_from and verdict.status not in ('junk', 'suppressed', 'generic'), 'refused', verdict.status) as status,
  if(
    keyring.last_seen < verdict.links_from and verdict.status not in ('junk', 'suppressed', 'generic'),
    'expired: last seen ' || date_diff('day', keyring.last_seen, verdict.last_seen) || ' days before the latest',
    verdict.reason
  ) as reason,
  verdict.tier,
  verdict.customer_l,
  verdict.customer_r
from identity.carried
join identity.verdict using (identifier)
join identity.value using (identifier)
join identity.keyring using (keyring)
