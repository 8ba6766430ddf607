-- One row per keyring of the parts of a customer that has several, each held by values of anchors and merges.
-- Keyrings that contacts and traces alone hold are in no part. A part that only merges hold has no anchor.
-- Grain: (keyring).
with recursive
  edge as (
    select distinct meeting.identifier as l, firm_carried.identifier as r
    from temp.firm_meeting as meeting
    semi join temp.open_firm using (identifier)
    join temp.firm_carried using (keyring)
    where firm_carried.identifier <> meeting.identifier
  ),
  neighbour as (
    select l as identifier, r as other
    from edge
    union all
    select r, l
    from edge
  ),
  -- The anchors of one customer are few (`per_person`): so are the steps between them.
  reached as (
    select identifier, identifier as other
    from neighbour
    union
    select reached.identifier, neighbour.other
    from reached
    join neighbour on neighbour.identifier = reached.other
  ),
  root as (
    select identifier, min(other) as part
    from reached
    group by identifier
  ),
  placed as (
    select open_firm.cluster, identifier, open_firm.tier, coalesce(root.part, identifier) as part
    from temp.open_firm as open_firm
    left join root using (identifier)
  ),
  part as (
    select cluster, part, max(tier) > 0 as has_anchor
    from placed
    group by cluster, part
  ),
  several as (
    select cluster
    from part
    where has_anchor
    group by cluster
    having count(*) > 1
  )
select distinct firm_carried.keyring, placed.cluster, placed.part, part.has_anchor
from placed
semi join several using (cluster)
join part using (cluster, part)
join temp.firm_carried on firm_carried.identifier = placed.identifier
