-- One row per identifier with its final status; keyring_l and keyring_r name the customers that it could
-- not bring together. `rank` orders what can name a customer: the strongest, then the earliest.
-- Grain: (identifier).
with settled as (
  select
    seen.identifier,
    seen.first_seen,
    tier.tier,
    tier.is_identifying,
    case when seen.status = 'usable' then coalesce(verdict.status, 'joined') else seen.status end
      as status,
    case
      when verdict.guard = 'identified' then 'two identified customers'
      when verdict.guard is not null
        then verdict.guard || ': ' || verdict.n || ' values, at most ' || verdict.most
      else seen.reason
    end as reason,
    node_l.keyring as keyring_l,
    node_r.keyring as keyring_r
  from temp.usable_identifier as seen
  join temp.tier using (namespace)
  left join temp.verdict using (identifier)
  left join temp.node as node_l on node_l.node = verdict.cluster_l
  left join temp.node as node_r on node_r.node = verdict.cluster_r
)
select
  identifier,
  tier,
  is_identifying,
  status,
  reason,
  keyring_l,
  keyring_r,
  status in ('joined', 'alone') as is_linking,
  row_number() over (order by tier, first_seen, identifier) as rank
from settled
