-- One row per identifier that a touched keyring carries or carried, with what can be said of it now and
-- what was said of it before. `is_flipped`: whether it may link at all has changed.
-- Grain: (identifier).
with past as (
  select identifier, status, links_from
  from identity.verdict
  where identifier in (select identifier from temp.run_touched_identifier)
)
select
  code.identifier,
  seen.tier,
  seen.status,
  seen.reason,
  first_node.keyring as first_keyring,
  seen.keyrings,
  seen.records,
  seen.first_seen,
  seen.last_seen,
  seen.links_from,
  past.status as past_status,
  past.status is not null
    and (
      if(past.status in ('joined', 'shared', 'refused'), 'usable', past.status) <> seen.status
      or past.links_from is distinct from seen.links_from
    ) as is_flipped
from temp.seen_now as seen
join temp.code using (ident)
join temp.node as first_node on first_node.node = seen.first_node
left join past using (identifier)
