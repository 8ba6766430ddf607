-- One row per side of the cut of a weak bridge, with the records that it holds now.
-- Grain: (side).
select part.side, count(*) as records
from stewardship.review_part as part
join identity.member as member
  on member.keyring = part.keyring
  and member.customer_id = $customer_id
  and member.to_run is null
where part.item_id = $item_id
group by part.side
order by part.side
