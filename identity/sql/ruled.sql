-- One row per ruling of this run with its reason in words and the two customers that the value could not
-- bring together. The records of a keyring that dissolved are a customer each; the first of them is named.
-- Grain: (ident).
with
  opponent as (
    select node, keyring, is_affected
    from temp.node
    where node in (
      select cluster_l from temp.ruling
      union
      select cluster_r from temp.ruling
    )
  ),
  standing as (
    select keyring, customer_id
    from identity.cluster
    where keyring in (select keyring from opponent)
  ),
  lone as (
    select keyring, is_affected
    from opponent
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
  named as (
    select keyring, customer_id
    from standing
    union all
    select keyring, customer_id
    from dissolved
  ),
  customer as (
    select opponent.node, named.customer_id
    from opponent
    join named using (keyring)
  )
select
  ruling.ident,
  ruling.status,
  case
    when guard.name = $identified then 'two identified customers'
    else guard.name || ': ' || ruling.n || ' values, at most ' || guard.most
  end as reason,
  customer_l.customer_id as customer_l,
  customer_r.customer_id as customer_r
from temp.ruling
join temp.guard using (guard)
left join customer as customer_l on customer_l.node = ruling.cluster_l
left join customer as customer_r on customer_r.node = ruling.cluster_r
