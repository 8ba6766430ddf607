-- One row per person, or rule, who decided anything, the busiest first ($shown of them); total counts all.
-- Agreement and impact are as in decided_kind.
-- Grain: (steward).
with
  revoked as (
    select distinct refers_to as decision_id
    from stewardship.decision
    where kind = 'revoke'
  ),
  tally as (
    select
      if(decision.provenance = 'steward', decision.decided_by, decision.provenance) as steward,
      count(*) as decided,
      count(*) filter (where decision.kind in ('merge', 'keep_apart') and decision.engine is not null) as judged,
      count(*) filter (where (decision.kind, decision.engine) in (('merge', 'together'), ('keep_apart', 'apart')))
        as agreeing,
      count(revoked.decision_id) as revoked,
      cast(sum(decision.impact_usd) filter (where in_force.decision_id is not null and decision.kind <> 'defer')
        as decimal(18, 2)) as impact_usd
    from stewardship.decision
    left join stewardship.decision_in_force as in_force using (decision_id)
    left join revoked using (decision_id)
    where decision.kind not in ('second', 'revoke')
    group by steward
  )
select steward, decided, judged, agreeing, revoked, impact_usd, count(*) over () as total
from tally
order by decided desc, steward
limit $shown
