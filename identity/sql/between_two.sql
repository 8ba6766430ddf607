-- One row per pair of customers between which records went: the strongest value that records of both carry,
-- and what became of it. First comes what joined them, then what a decision has parted.
-- Grain: (customer_old, customer_new).
with
  held as (
    select
      exchanged.customer_old,
      exchanged.customer_new,
      exchanged.has_gone,
      carried.identifier,
      -- Null where any of the side's keyrings links by it.
      if(bool_and(disowned.reason is not null), min(disowned.reason), null) as disowned
    from temp.exchanged_keyring as exchanged
    join temp.exchanged_carried as carried using (keyring)
    left join identity.disowned
      on disowned.keyring = carried.keyring
      and disowned.identifier = carried.identifier
    group by exchanged.customer_old, exchanged.customer_new, exchanged.has_gone, carried.identifier
  ),
  common as (
    select customer_old, customer_new, identifier, min(disowned) as disowned
    from held
    group by customer_old, customer_new, identifier
    having count(*) = 2
  ),
  judged as (
    select
      common.customer_old,
      common.customer_new,
      common.identifier,
      value.namespace,
      value.value,
      verdict.tier,
      verdict.status in ('junk', 'suppressed', 'generic') as is_unusable,
      if(common.disowned is null or is_unusable, verdict.status, 'refused') as status,
      if(is_unusable, verdict.reason, coalesce(common.disowned, verdict.reason)) as reason
    from common
    join identity.verdict using (identifier)
    join identity.value using (identifier)
  ),
  ranked as (
    select
      customer_old,
      customer_new,
      namespace || ' '
        || case
          when namespace = 'decision' then value
          -- Of a contact that is stored as it is, the digest stands for it.
          when list_contains($plain_contacts, namespace) and not regexp_full_match(value, '[0-9a-fA-F]{32,128}')
            then left(cast(identifier as varchar), 4) || '…'
          else left(value, 4) || '…'
        end
        || ' is ' || status
        || coalesce(' (' || reason || ')', '') as evidence,
      row_number() over (
        partition by customer_old, customer_new
        order by
          status <> 'joined',
          not coalesce(regexp_matches(reason, '^(keep_apart|not shared:) '), false),
          tier,
          identifier
      ) as place
    from judged
  )
select customer_old, customer_new, evidence
from ranked
where place = 1
