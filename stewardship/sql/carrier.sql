-- One row per value that could not bring customers together and customer that carries it. Keyrings that
-- dissolved belong to records alone, which nobody is asked about.
-- Grain: (identifier, customer_id).
with
  disputed as (
    select carried.identifier, carried.keyring
    from identity.carried
    anti join temp.idle_observation as idle
      on idle.keyring = carried.keyring
      and idle.identifier = carried.identifier
    where carried.identifier in (
      select verdict.identifier
      from identity.verdict
      where verdict.status in ('shared', 'refused')
        and verdict.tier > 0
    )
  )
select disputed.identifier, cluster.customer_id, max(keyring.last_seen) as last_seen
from disputed
join identity.cluster using (keyring)
join identity.keyring using (keyring)
group by disputed.identifier, cluster.customer_id
