-- One row per observation that a decision in force rules out: of a value that belongs to somebody else, and
-- of a named identifier by a keyring that belongs to the other side, or to both.
-- Grain: (keyring, identifier).
with
  observed as (
    select
      named.decision_id,
      named.kind,
      named.identifier,
      named.side,
      named.valid_from,
      carried.keyring,
      mark.value as own_side
    from temp.run_named_identifier as named
    join identity.carried using (identifier)
    left join identity.keyring_attribute as mark
      on mark.keyring = carried.keyring
      and mark.attribute = named.kind || ' ' || named.decision_id
    where named.is_obeyed
  ),
  torn as (
    select decision_id, keyring
    from observed
    where kind = 'keep_apart'
      and own_side is null
    group by decision_id, keyring
    having count(distinct side) > 1
  ),
  ruled_out as (
    select observed.keyring, observed.identifier, 'not shared: ' || observed.decision_id as reason
    from observed
    join identity.keyring using (keyring)
    where observed.kind = 'not_shared'
      and (observed.own_side = 'r' or (observed.own_side is null and keyring.last_seen < observed.valid_from))
    union all
    select observed.keyring, observed.identifier, 'keep_apart ' || observed.decision_id as reason
    from observed
    left join torn using (decision_id, keyring)
    where observed.kind = 'keep_apart'
      and (observed.own_side <> observed.side or torn.keyring is not null)
  )
select keyring, identifier, min(reason) as reason
from ruled_out
group by keyring, identifier
