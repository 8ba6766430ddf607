-- One row per holder and identifier of it, visits and decisions left out: those that link its keyrings, and
-- those that it shares with other customers or with the other half.
-- Grain: (holder, identifier).
with
  held as (
    -- A linking value lies within one customer, so the first of its keyrings tells which.
    select holding.holder, verdict.identifier
    from temp.holding
    join identity.verdict on verdict.first_keyring = holding.bearer
    where verdict.status in ('joined', 'alone')
    union
    select item_side.holder, carrier.identifier
    from temp.carrier
    join temp.item_side using (customer_id)
    union
    select item_side.holder, bridge_side.identifier
    from temp.bridge_side
    join temp.item_side using (item_id, side)
  )
select
  held.holder,
  held.identifier,
  namespace.namespace,
  namespace.is_hashed,
  namespace.is_contact,
  verdict.status in ('joined', 'alone') as is_own
from held
join identity.verdict using (identifier)
join temp.namespace as namespace using (tier)
where namespace.is_told
