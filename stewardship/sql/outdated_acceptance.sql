-- One row per decision of the probabilistic rule in force that has lost its ground, and why.
-- Grain: (decision_id).
with
  own as (
    select
      decision.number,
      decision.decision_id,
      decision.item_id,
      decision.provenance,
      decision.records_l,
      decision.records_r,
      split_part(decision.provenance, '@', 2) as model
    from stewardship.decision_in_force as decision
    where starts_with(decision.provenance, $rule || '@')
  ),
  forbidden as (
    select value.value as decision_id
    from identity.verdict
    join identity.value using (identifier)
    where value.namespace = 'decision'
      and verdict.status in ('shared', 'refused')
  ),
  own_named as (
    select decision_id, number, 'l' as side, unnest(records_l) as record
    from own
    union all
    select decision_id, number, 'r' as side, unnest(records_r) as record
    from own
  ),
  revoked as (
    select merge.decision_id, merge.number, revocation.number as revoked_at, merge.records_l, merge.records_r
    from stewardship.decision as merge
    join stewardship.decision as revocation on revocation.refers_to = merge.decision_id
    where merge.kind = 'merge'
      and revocation.kind = 'revoke'
  ),
  revoked_named as (
    select decision_id, number, revoked_at, 'l' as side, unnest(records_l) as record
    from revoked
    union all
    select decision_id, number, revoked_at, 'r' as side, unnest(records_r) as record
    from revoked
  ),
  -- One side of it was a customer that the revoked merge had made.
  built as (
    select own_named.decision_id, own_named.side, revoked_named.decision_id as former_id
    from own_named
    join revoked_named using (record)
    where revoked_named.number < own_named.number
      and own_named.number < revoked_named.revoked_at
    group by own_named.decision_id, own_named.side, revoked_named.decision_id
    having count(distinct revoked_named.side) = 2
  ),
  grounded as (
    select decision_id, min(former_id) as former_id
    from built
    group by decision_id
  ),
  judged as (
    select
      own.number,
      own.decision_id,
      own.provenance,
      case
        when $off is not null then $off
        when own.model <> $model then 'its model was replaced by ' || $model
        when score.match_probability < cast($accept_above as double)
          then format('its match probability of {:.4f} is below accept_above ({:g})', score.match_probability, cast($accept_above as double))
        when forbidden.decision_id is not null then 'a keep_apart stands against it'
        when grounded.former_id is not null
          then 'one of the two was a customer that ' || grounded.former_id || ' had made, which is revoked'
      end as reason
    from own
    left join stewardship.review_score as score
      on score.item_id = own.item_id
      and score.model = own.model
    left join forbidden on forbidden.decision_id = own.decision_id
    left join grounded on grounded.decision_id = own.decision_id
  )
select decision_id, provenance, reason
from judged
where reason is not null
order by number
