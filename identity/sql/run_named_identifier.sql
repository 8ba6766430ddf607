-- One row per decision and identifier that it names, as far as the warehouse knows the identifier. `is_obeyed`:
-- the decision is in force; the others have changed since the last run.
-- Grain: (decision_id, identifier).
with
  named as (
    select decision_id, kind, 'l' as side, unnest(identifiers_l) as identifier, cast(null as timestamp) as valid_from
    from stewardship.decision
    union all
    select decision_id, kind, 'r' as side, unnest(identifiers_r) as identifier, cast(null as timestamp) as valid_from
    from stewardship.decision
    union all
    select decision_id, kind, 'l' as side, value as identifier, valid_from
    from stewardship.decision
    where kind = 'not_shared'
  ),
  kept as (
    select
      named.decision_id,
      named.kind,
      named.side,
      named.valid_from,
      split_part(named.identifier, ':', 1) as namespace,
      substr(named.identifier, instr(named.identifier, ':') + 1) as value,
      in_force.decision_id is not null as is_obeyed
    from named
    left join stewardship.decision_in_force as in_force using (decision_id)
    left join temp.changed_decision as changed using (decision_id)
    where in_force.decision_id is not null
      or changed.decision_id is not null
  )
select kept.decision_id, kept.kind, kept.side, kept.valid_from, kept.is_obeyed, value.identifier
from kept
join identity.value using (namespace, value)
