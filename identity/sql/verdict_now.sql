-- One row per identifier asked about in this run: what became of it, and for a shared or refused one the
-- two customers that it could not bring together. `first_keyring` is the smallest of those that it may link.
-- Grain: (identifier).
select
  code.identifier,
  seen.tier,
  coalesce(ruled.status, if(seen.status = 'usable', 'joined', seen.status)) as status,
  coalesce(ruled.reason, seen.reason) as reason,
  first_node.keyring as first_keyring,
  seen.keyrings,
  seen.records,
  ruled.customer_l,
  ruled.customer_r,
  seen.first_seen,
  seen.last_seen,
  seen.links_from
from temp.seen
join temp.code using (ident)
join temp.node as first_node on first_node.node = seen.first_node
left join temp.ruled using (ident)
where seen.is_asked
