-- One row per identifier of an anchor or a merge that holds keyrings of a customer with several anchors which
-- do not all begin on one keyring: one that carries them all makes one part of the customer.
-- Grain: (identifier).
with
  firm as (
    select verdict.identifier, verdict.tier, verdict.first_keyring, cluster.cluster
    from identity.verdict
    join identity.cluster on cluster.keyring = verdict.first_keyring
    where verdict.status in ('joined', 'alone')
      and list_contains(cast($firm_tiers as integer[]), verdict.tier)
  ),
  several as (
    select cluster
    from firm
    group by cluster
    having count(*) filter (where tier > 0) > 1
      and min(first_keyring) <> max(first_keyring)
  )
select identifier, tier, cluster
from firm
semi join several using (cluster)
