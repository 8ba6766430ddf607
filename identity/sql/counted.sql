-- One row per identifier asked about: how often and when it was seen. Observations before `links_from` are
-- too old beside the latest to link (`ttl_days`).
-- Grain: (ident).
with seen as (
  select
    coded.ident,
    any_value(coded.tier) as tier,
    count(*) as keyrings,
    min(coded.node) as first_node,
    cast(sum(node.records) as bigint) as records,
    min(node.first_seen) as first_seen,
    max(node.last_seen) as last_seen
  from temp.asked_coded as coded
  join temp.node using (node)
  group by coded.ident
)
select seen.*, seen.last_seen - to_days(tier.ttl_days) as links_from
from seen
join temp.tier using (tier)
