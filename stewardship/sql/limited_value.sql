-- One row per customer of a proposal, guard (by its place) and value of it that the customer holds: also one that
-- it shares, as the resolver counts them.
-- Grain: (customer_id, place, value).
with
  named as (
    select customer_id_l as customer_id
    from temp.proposed
    union
    select customer_id_r
    from temp.proposed
  ),
  borne as (
    select cluster.customer_id, cluster.keyring
    from identity.cluster
    semi join named using (customer_id)
    union all
    select member.customer_id, member.keyring
    from identity.member as member
    semi join named using (customer_id)
    where member.to_run is null
      and member.resolved_by = 'none'
  ),
  meant as (
    select borne.customer_id, borne.keyring, carried.identifier
    from identity.carried
    join borne using (keyring)
    anti join identity.disowned as disowned
      on disowned.keyring = carried.keyring
      and disowned.identifier = carried.identifier
  )
select distinct meant.customer_id, guard.place, cast(meant.identifier as varchar) as value
from meant
join identity.verdict using (identifier)
join temp.namespace as namespace using (tier)
join temp.customer_guard as guard on guard.guard = namespace.namespace
where not guard.is_attribute
  and verdict.status not in ('junk', 'suppressed', 'generic')
union all
select distinct borne.customer_id, guard.place, attribute.value
from borne
join identity.keyring_attribute as attribute using (keyring)
join temp.customer_guard as guard on guard.guard = attribute.attribute
where guard.is_attribute
