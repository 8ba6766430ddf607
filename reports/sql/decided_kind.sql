-- One row per kind of decision: what became of those that were taken. Agreement with the engine is judged of
-- merges and keep_aparts only: the others do not say whether two are one. Impact is of those in force.
-- Grain: (kind).
with
  revoked as (
    select distinct refers_to as decision_id
    from stewardship.decision
    where kind = 'revoke'
  ),
  decision as (
    select
      decision.kind,
      in_force.decision_id is not null as is_in_force,
      revoked.decision_id is not null as is_revoked,
      case
        when decision.kind = 'merge' then decision.engine = 'together'
        when decision.kind = 'keep_apart' then decision.engine = 'apart'
      end as is_agreeing,
      decision.impact_usd
    from stewardship.decision
    left join stewardship.decision_in_force as in_force using (decision_id)
    left join revoked using (decision_id)
    where decision.kind not in ('second', 'revoke')
  )
select
  kind,
  count(*) as decided,
  count(*) filter (where is_in_force) as in_force,
  count(*) filter (where not is_in_force and not is_revoked) as awaiting,
  count(*) filter (where is_revoked) as revoked,
  count(is_agreeing) as judged,
  count(*) filter (where is_agreeing) as agreeing,
  cast(sum(impact_usd) filter (where is_in_force and kind <> 'defer') as decimal(18, 2)) as impact_usd
from decision
group by kind
order by list_position(['merge', 'keep_apart', 'not_shared', 'defer'], kind), kind
