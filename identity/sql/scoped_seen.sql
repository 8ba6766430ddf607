-- One row per identifier in scope with what can be said before any customer is known: as asked about in
-- this run, else as in the last one. `stays_shared`: it was shared, and nothing affected carries it.
-- Grain: (ident).
with
  past as (
    select *
    from identity.verdict
    where identifier in (select identifier from temp.code)
  ),
  told as (
    select
      code.ident,
      code.tier,
      coalesce(asked.status, if(past.status in ('joined', 'shared', 'refused'), 'usable', past.status)) as status,
      if(asked.identifier is not null, asked.reason, if(past.status in ('junk', 'generic', 'suppressed'), past.reason, null)) as reason,
      coalesce(asked.first_keyring, past.first_keyring) as first_keyring,
      coalesce(asked.keyrings, past.keyrings) as keyrings,
      coalesce(asked.records, past.records) as records,
      coalesce(asked.first_seen, past.first_seen) as first_seen,
      coalesce(asked.last_seen, past.last_seen) as last_seen,
      if(asked.identifier is not null, asked.links_from, past.links_from) as links_from,
      affected.identifier is not null as is_asked,
      past.status = 'shared' as was_shared
    from temp.code
    left join temp.run_asked as asked using (identifier)
    left join past using (identifier)
    left join temp.affected_identifier as affected using (identifier)
  )
select
  told.ident,
  told.tier,
  told.status,
  told.reason,
  node.node as first_node,
  told.keyrings,
  told.records,
  told.first_seen,
  told.last_seen,
  told.links_from,
  told.is_asked,
  coalesce(told.was_shared and not told.is_asked, false) as stays_shared
from told
left join temp.node on node.keyring = told.first_keyring
