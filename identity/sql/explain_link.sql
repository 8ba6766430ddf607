-- One row per identifier that the given keyrings carry, with what became of the observation (as in
-- identity.link) and how often the identifier was seen anywhere. Each table is asked by itself: a join
-- of all of them would read them whole.
-- Grain: (keyring, namespace, value).
with
  own as materialized (
    select keyring, identifier
    from identity.carried
    where keyring in (select unnest(cast($keyrings as uuid[])))
  ),
  named as materialized (
    select identifier, namespace, value
    from identity.value
    where identifier in (select own.identifier from own)
  ),
  settled as materialized (
    select
      identifier,
      tier,
      status,
      reason,
      customer_l,
      customer_r,
      keyrings,
      records,
      last_seen,
      links_from,
      status in ('junk', 'suppressed', 'generic') as is_unusable
    from identity.verdict
    where identifier in (select own.identifier from own)
  ),
  -- Only of namespaces whose observations expire does the age matter.
  aging as materialized (
    select distinct own.keyring
    from own
    join settled using (identifier)
    where settled.links_from is not null
  ),
  seen as materialized (
    select keyring, last_seen
    from identity.keyring
    where keyring in (select aging.keyring from aging)
  ),
  disowned as materialized (
    select keyring, identifier, reason
    from identity.disowned
    where keyring in (select unnest(cast($keyrings as uuid[])))
  ),
  dated as (
    select
      own.keyring,
      identifier,
      named.namespace,
      named.value,
      settled.tier,
      settled.status,
      settled.reason,
      settled.customer_l,
      settled.customer_r,
      settled.keyrings,
      settled.records,
      coalesce(seen.last_seen < settled.links_from and not settled.is_unusable, false) as is_expired,
      date_diff('day', seen.last_seen, settled.last_seen) as age_days,
      if(settled.is_unusable, null, disowned.reason) as disowned
    from own
    join named using (identifier)
    join settled using (identifier)
    left join seen using (keyring)
    left join disowned using (keyring, identifier)
  )
select
  cast(keyring as varchar) as keyring,
  namespace,
  value,
  tier,
  cast(identifier as varchar) as identifier,
  keyrings,
  records,
  if(is_expired or disowned is not null, 'refused', status) as status,
  case
    when disowned is not null then disowned
    when is_expired then 'expired: last seen ' || age_days || ' days before the latest'
    else reason
  end as reason,
  customer_l,
  customer_r
from dated
order by tier, namespace, value, dated.keyring
