-- One row per customer held together by single values, those with the most records first ($shown of them), or
-- one row without a customer where there is none. held counts all of them, several all with several parts.
-- The anchored parts of a customer are its keyrings joined by values of anchors; keyrings without an anchor
-- belong to none. A customer of k >= 2 parts is held together by single values where the contact and trace
-- values that touch two parts or more form a tree: the sum of (parts touched - 1) is k - 1, so that without
-- any one of them the customer falls apart. Ways round through keyrings without an anchor are not followed.
-- Grain: (customer_id).
with recursive
  anchor as (
    select verdict.identifier, cluster.cluster
    from identity.verdict
    join identity.cluster on cluster.keyring = verdict.first_keyring
    where list_contains(cast($anchor_tiers as integer[]), verdict.tier)
      and (verdict.status = 'joined' or (verdict.status = 'alone' and verdict.tier > 0))
  ),
  -- Several parts take several anchors.
  candidate as (
    select cluster, count(*) as anchors
    from anchor
    group by cluster
    having count(*) > 1
  ),
  unlinked as (
    select carried.keyring, carried.identifier
    from identity.verdict
    join identity.carried using (identifier)
    join identity.keyring using (keyring)
    where verdict.links_from is not null
      and keyring.last_seen < verdict.links_from
    union
    select keyring, identifier
    from identity.disowned
  ),
  anchored as (
    select anchor.cluster, anchor.identifier, carried.keyring
    from anchor
    semi join candidate using (cluster)
    join identity.carried using (identifier)
    anti join unlinked on unlinked.keyring = carried.keyring and unlinked.identifier = carried.identifier
  ),
  meeting as (
    select keyring, cluster, min(identifier) as identifier, count(*) as anchors
    from anchored
    group by keyring, cluster
    having count(*) > 1
  ),
  -- Mostly one keyring carries all of them, and there is one part.
  open_candidate as (
    select candidate.cluster
    from candidate
    anti join meeting on meeting.cluster = candidate.cluster and meeting.anchors = candidate.anchors
  ),
  edge as (
    select distinct meeting.identifier as l, anchored.identifier as r
    from meeting
    semi join open_candidate using (cluster)
    join anchored using (keyring)
    where anchored.identifier <> meeting.identifier
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
    select anchor.cluster, anchor.identifier, coalesce(root.part, anchor.identifier) as part
    from anchor
    semi join open_candidate using (cluster)
    left join root using (identifier)
  ),
  several as (
    select cluster, count(distinct part) as parts
    from placed
    group by cluster
    having count(distinct part) > 1
  ),
  home as (
    select distinct anchored.keyring, placed.cluster, placed.part
    from placed
    join several using (cluster)
    join anchored using (identifier)
  ),
  touch as (
    select home.cluster, verdict.identifier, verdict.tier, count(distinct home.part) as parts
    from home
    join identity.carried using (keyring)
    join identity.verdict using (identifier)
    anti join unlinked on unlinked.keyring = home.keyring and unlinked.identifier = carried.identifier
    where verdict.status = 'joined'
      and not list_contains(cast($anchor_tiers as integer[]), verdict.tier)
    group by home.cluster, verdict.identifier, verdict.tier
    having count(distinct home.part) > 1
  ),
  held as (
    select
      several.cluster,
      several.parts,
      string_agg(list_extract(cast($namespaces as varchar[]), touch.tier), ', ' order by touch.tier) as bridges
    from several
    join touch using (cluster)
    group by several.cluster, several.parts
    having sum(touch.parts - 1) = several.parts - 1
  ),
  ranked as (
    select
      cluster.customer_id,
      customer.records,
      held.parts,
      held.bridges,
      row_number() over (order by customer.records desc, cluster.customer_id) as place
    from held
    join identity.cluster on cluster.keyring = held.cluster
    join identity.customer using (customer_id)
    where customer.to_run is null
      and customer.redirects_to is null
  ),
  tally as (
    select
      (select count(*) from ranked) as held,
      (select count(*) from several) as several
  )
select ranked.customer_id, ranked.records, ranked.parts, ranked.bridges, tally.held, tally.several
from tally
left join ranked on ranked.place <= $shown
order by ranked.place
