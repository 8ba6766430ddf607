-- One row per review item that one of the given decisions answers, or answers what it refers to: its state,
-- and the latest decision about it that nobody revoked.
-- Grain: (item_id).
with
  asked as (
    select distinct coalesce(about.item_id, decision.item_id) as item_id
    from stewardship.decision
    left join stewardship.decision as about on about.decision_id = decision.refers_to
    where decision.decision_id in (select unnest(cast($decisions as varchar[])))
  ),
  answer as (
    select
      standing.item_id,
      arg_max(standing.decision_id, standing.number) as decision_id,
      bool_or(in_force.kind <> 'defer') as is_decided,
      bool_or(in_force.kind = 'defer') as is_held
    from stewardship.decision as standing
    join asked using (item_id)
    left join stewardship.decision_in_force as in_force using (decision_id)
    where standing.refers_to is null
      and standing.decision_id not in (
        select revocation.refers_to
        from stewardship.decision as revocation
        where revocation.kind = 'revoke'
      )
    group by standing.item_id
  )
select
  item.item_id,
  answer.decision_id,
  case
    when answer.is_decided then 'decided'
    when answer.is_held then 'held'
    when item.state = 'obsolete' then 'obsolete'
    when item.assignee is not null then 'assigned'
    else 'open'
  end as state
from stewardship.review_item as item
join asked using (item_id)
left join answer using (item_id)
