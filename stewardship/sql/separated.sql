-- One row per pair of customers that a keep_apart in force separates: one holds what it names on one side,
-- the other what it names on the other.
-- Grain: (customer_id_l, customer_id_r).
with
  named as (
    select 'keep_apart ' || decision_id as guard, 'l' as side, unnest(identifiers_l) as identifier
    from stewardship.decision_in_force
    where kind = 'keep_apart'
    union all
    select 'keep_apart ' || decision_id as guard, 'r' as side, unnest(identifiers_r) as identifier
    from stewardship.decision_in_force
    where kind = 'keep_apart'
  ),
  split as (
    select
      guard,
      side,
      split_part(identifier, ':', 1) as namespace,
      substr(identifier, instr(identifier, ':') + 1) as value
    from named
  ),
  held as (
    select cluster.customer_id, marked.attribute as guard, marked.value as side
    from identity.keyring_attribute as marked
    join identity.cluster using (keyring)
    where starts_with(marked.attribute, 'keep_apart ')
    union
    select cluster.customer_id, split.guard, split.side
    from split
    join identity.value using (namespace, value)
    join identity.verdict using (identifier)
    join identity.cluster on cluster.keyring = verdict.first_keyring
    where verdict.status in ('joined', 'alone')
    union
    select member.customer_id, marked.attribute as guard, marked.value as side
    from identity.keyring_attribute as marked
    join identity.member as member using (keyring)
    where starts_with(marked.attribute, 'keep_apart ')
      and member.to_run is null
      and member.resolved_by = 'none'
  )
select distinct
  least(l.customer_id, r.customer_id) as customer_id_l,
  greatest(l.customer_id, r.customer_id) as customer_id_r
from held as l
join held as r using (guard)
where l.side = 'l'
  and r.side = 'r'
