-- One row per identifier with its final status. `sort_key` orders a customer's identifiers: the
-- strongest, then the earliest; keyring_l and keyring_r name the customers it could not bring together.
-- Grain: (namespace, value).
with
  numbered as (
    select namespace, value, any_value(identifier) as identifier
    from temp.edge
    group by namespace, value
  )
select
  seen.namespace,
  seen.value,
  seen.keyrings,
  seen.records,
  seen.first_seen,
  seen.last_seen,
  tier.tier,
  tier.is_identifying,
  case when seen.status = 'usable' then coalesce(verdict.status, 'joined') else seen.status end as status,
  case
    when verdict.guard = 'identified' then 'two identified customers'
    when verdict.guard is not null
      then verdict.guard || ': ' || verdict.n || ' values, at most ' || verdict.most
    else seen.reason
  end as reason,
  struct_pack(tier := tier.tier, first_seen := seen.first_seen, value := seen.value) as sort_key,
  node_l.keyring as keyring_l,
  node_r.keyring as keyring_r
from temp.usable_identifier as seen
join temp.tier on tier.namespace = seen.namespace
left join numbered on numbered.namespace = seen.namespace and numbered.value = seen.value
left join temp.verdict on verdict.identifier = numbered.identifier
left join temp.node as node_l on node_l.node = verdict.cluster_l
left join temp.node as node_r on node_r.node = verdict.cluster_r
