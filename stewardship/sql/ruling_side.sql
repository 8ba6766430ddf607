-- One row per ruling and side, with whom it means today: customers, and the records (or anchors) one by one of
-- a customer that some keep_apart takes apart, because its halves are two people from now on.
-- Grain: (ruling, side).
with
  record_named as (
    select ruling, kind, 'l' as side, unnest(records_l) as name
    from temp.ruling
    union all
    select ruling, kind, 'r' as side, unnest(records_r) as name
    from temp.ruling
  ),
  identifier_named as (
    select ruling, kind, 'l' as side, unnest(identifiers_l) as name
    from temp.ruling
    union all
    select ruling, kind, 'r' as side, unnest(identifiers_r) as name
    from temp.ruling
  ),
  meant as (
    select record_named.ruling, record_named.kind, record_named.side, record_named.name, member.customer_id
    from record_named
    join identity.member as member
      on member.source = split_part(record_named.name, ':', 1)
      and member.record_id = substr(record_named.name, instr(record_named.name, ':') + 1)
    where member.to_run is null
    union all
    select
      identifier_named.ruling,
      identifier_named.kind,
      identifier_named.side,
      identifier_named.name,
      cluster.customer_id
    from identifier_named
    join identity.value
      on value.namespace = split_part(identifier_named.name, ':', 1)
      and value.value = substr(identifier_named.name, instr(identifier_named.name, ':') + 1)
    join identity.verdict using (identifier)
    join identity.cluster on cluster.keyring = verdict.first_keyring
    where verdict.status in ('joined', 'alone')
  ),
  cut as (
    select distinct customer_id
    from (
      select ruling, customer_id
      from meant
      where kind = 'keep_apart'
      group by ruling, customer_id
      having count(distinct side) = 2
    )
  ),
  node as (
    select distinct
      meant.ruling,
      meant.side,
      if(cut.customer_id is null, meant.customer_id, meant.name) as node
    from meant
    left join cut using (customer_id)
  )
select ruling, side, list_sort(list(node)) as nodes
from node
group by ruling, side
order by ruling, side
