-- One row per customer of a proposal and thing that it holds of which one person has few: values that guards count,
-- sides of decisions to keep apart, a place in a source that lists a person once.
-- Grain: (customer_id, guard, value).
with
  named as (
    select customer_id_l as customer_id
    from identity.proposal
    union
    select customer_id_r
    from identity.proposal
  ),
  borne as (
    select distinct member.customer_id, member.keyring
    from identity.member as member
    semi join named using (customer_id)
    where member.to_run is null
  ),
  meant as (
    select borne.customer_id, carried.identifier
    from borne
    join identity.carried using (keyring)
    anti join identity.disowned as disowned
      on disowned.keyring = carried.keyring
      and disowned.identifier = carried.identifier
  )
select distinct meant.customer_id, value.namespace as guard, cast(meant.identifier as varchar) as value
from meant
join identity.value using (identifier)
join identity.verdict using (identifier)
where list_contains(cast($namespaces as varchar[]), value.namespace)
  and verdict.status not in ('junk', 'suppressed', 'generic')
union all
select distinct borne.customer_id, attribute.attribute as guard, attribute.value
from borne
join identity.keyring_attribute as attribute using (keyring)
where list_contains(cast($attributes as varchar[]), attribute.attribute)
  or starts_with(attribute.attribute, 'keep_apart ')
union all
select distinct member.customer_id, 'source ' || member.source as guard, member.customer_id as value
from identity.member as member
semi join named using (customer_id)
where member.to_run is null
  and list_contains(cast($one_to_one as varchar[]), member.source)
