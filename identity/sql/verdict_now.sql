-- One row per identifier asked about in this run: what became of it, and for a shared or refused one the
-- two customers that it could not bring together. `first_keyring` is the smallest of those that it may link.
-- Grain: (identifier).
with
  opponent as (
    select keyring
    from temp.node
    where node in (
      select cluster_l from temp.ruling
      union
      select cluster_r from temp.ruling
    )
  ),
  -- The records of a keyring that dissolved are a customer each; the first of them is named.
  standing as (
    select keyring, customer_id
    from identity.cluster
    where keyring in (select keyring from opponent)
  ),
  lone as (
    select opponent.keyring, node.is_affected
    from opponent
    join temp.node using (keyring)
    anti join standing using (keyring)
  ),
  dissolved as (
    select keyring, min(customer_id) as customer_id
    from (
      select keyring, customer_id
      from temp.run_lone_record
      where keyring in (select keyring from lone)
      union all
      select keyring, customer_id
      from identity.member
      where to_run is null
        and keyring in (select keyring from lone where not is_affected)
    )
    group by keyring
  ),
  customer as (
    select keyring, customer_id
    from standing
    union all
    select keyring, customer_id
    from dissolved
  )
select
  code.identifier,
  seen.tier,
  coalesce(ruling.status, if(seen.status = 'usable', 'joined', seen.status)) as status,
  case
    when guard.name = $identified then 'two identified customers'
    when guard.name is not null then guard.name || ': ' || ruling.n || ' values, at most ' || guard.most
    else seen.reason
  end as reason,
  first_node.keyring as first_keyring,
  seen.keyrings,
  seen.records,
  customer_l.customer_id as customer_l,
  customer_r.customer_id as customer_r,
  seen.first_seen,
  seen.last_seen,
  seen.links_from
from temp.seen
join temp.code using (ident)
join temp.node as first_node on first_node.node = seen.first_node
left join temp.ruling using (ident)
left join temp.guard using (guard)
left join temp.node as node_l on node_l.node = ruling.cluster_l
left join temp.node as node_r on node_r.node = ruling.cluster_r
left join customer as customer_l on customer_l.keyring = node_l.keyring
left join customer as customer_r on customer_r.keyring = node_r.keyring
where seen.is_asked
