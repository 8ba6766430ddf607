-- One row per proposal that is likely enough to be accepted unseen, and whether it may be: an item that nobody
-- works on or has answered, against no guard, and of which it is known that one person may decide it.
-- Grain: (customer_id_l, customer_id_r).
select
  proposal.customer_id_l,
  proposal.customer_id_r,
  proposal.model,
  proposal.match_weight,
  probable.item_id,
  probable.evidence,
  coalesce(
    item.state = 'open'
    and item.decision_id is null
    and not probable.is_guarded
    and barred.customer_id_l is null
    and unsettled_l.customer_id is null
    and unsettled_r.customer_id is null
    and made_l.customer_id is null
    and made_r.customer_id is null
    and ($two_person_above is null or impact.impact_usd <= $two_person_above),
    false
  ) as is_allowed
from identity.proposal
left join temp.probable using (customer_id_l, customer_id_r)
left join stewardship.review_item as item on item.item_id = probable.item_id
left join stewardship.review_impact as impact on impact.item_id = probable.item_id
left join temp.barred using (customer_id_l, customer_id_r)
left join temp.unsettled as unsettled_l on unsettled_l.customer_id = proposal.customer_id_l
left join temp.unsettled as unsettled_r on unsettled_r.customer_id = proposal.customer_id_r
left join temp.rule_made as made_l on made_l.customer_id = proposal.customer_id_l
left join temp.rule_made as made_r on made_r.customer_id = proposal.customer_id_r
where proposal.match_probability >= $accept_above
