-- One row per keyring and identifier that it carries, with what became of the observation. One that is
-- too old beside the latest of the value (`ttl_days`), or that a decision rules out, is refused.
-- Grain: (keyring, namespace, value).
select
  carried.keyring,
  value.namespace,
  value.value,
  case
    when verdict.status in ('junk', 'suppressed', 'generic') then verdict.status
    when disowned.reason is not null or keyring.last_seen < verdict.links_from then 'refused'
    else verdict.status
  end as status,
  case
    when verdict.status in ('junk', 'suppressed', 'generic') then verdict.reason
    when disowned.reason is not null then disowned.reason
    when keyring.last_seen < verdict.links_from
      then 'expired: last seen ' || date_diff('day', keyring.last_seen, verdict.last_seen) || ' days before the latest'
    else verdict.reason
  end as reason,
  verdict.tier,
  verdict.customer_l,
  verdict.customer_r
from identity.carried
join identity.verdict using (identifier)
join identity.value using (identifier)
join identity.keyring using (keyring)
left join identity.disowned
  on disowned.keyring = carried.keyring
  and disowned.identifier = carried.identifier
