-- One row per side of the cut of a weak bridge, with the records that it holds.
-- Grain: (side).
select part.side, cast(sum(sighting.records) as bigint) as records
from stewardship.review_part as part
join identity.sighting as sighting using (keyring)
where part.item_id = $item_id
group by part.side
order by part.side
