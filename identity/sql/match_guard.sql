-- One row per row of the list, customer that it may be, and guard that stands between them: together they would hold
-- more values than a person has, and more than the customer holds by itself. In words.
-- Grain: (number, customer_id, place).
with
  named as (
    select distinct customer_id
    from temp.match_pair
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
    select distinct borne.customer_id, carried.identifier
    from identity.carried
    join borne using (keyring)
    anti join identity.disowned as disowned
      on disowned.keyring = carried.keyring
      and disowned.identifier = carried.identifier
  ),
  held as (
    select meant.customer_id, guard.place, cast(meant.identifier as varchar) as value
    from meant
    join identity.value using (identifier)
    join identity.verdict using (identifier)
    join temp.match_limit as guard on guard.guard = value.namespace
    where not guard.is_attribute
      and verdict.status not in ('junk', 'suppressed', 'generic')
    union
    select borne.customer_id, guard.place, attribute.value
    from borne
    join identity.keyring_attribute as attribute using (keyring)
    join temp.match_limit as guard on guard.guard = attribute.attribute
    where guard.is_attribute
  ),
  told as (
    select known.number, guard.place, cast(known.identifier as varchar) as value
    from temp.match_known as known
    join temp.match_namespace as namespace using (place)
    join temp.match_limit as guard on guard.guard = namespace.namespace
    where not guard.is_attribute
      and known.status not in ('junk', 'suppressed', 'generic')
    union all
    select told.number, guard.place, told.value
    from temp.match_attribute as told
    join temp.match_limit as guard on guard.guard = told.attribute
    where guard.is_attribute
  ),
  together as (
    select pair.number, pair.customer_id, held.place, held.value, true as is_own
    from temp.match_pair as pair
    join held using (customer_id)
    union all
    select pair.number, pair.customer_id, told.place, told.value, false as is_own
    from temp.match_pair as pair
    join told using (number)
  ),
  counted as (
    select number, customer_id, place, count(distinct value) as held, count(*) filter (is_own) as own
    from together
    group by number, customer_id, place
  )
select
  counted.number,
  counted.customer_id,
  counted.place,
  if(
    guard.is_attribute,
    guard.guard || ' differs',
    guard.guard || ': ' || counted.held || ' values, at most ' || guard.most
  ) as words
from counted
join temp.match_limit as guard using (place)
where counted.held > greatest(guard.most, counted.own)
