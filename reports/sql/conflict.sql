-- One row per merge that a keep_apart forbids, with who decided each; the first $shown, total counts all.
-- Grain: (merge_id).
with forbidden as (
  select
    value as merge_id,
    regexp_extract(reason, '^keep_apart ([^:]+)', 1) as keep_apart_id,
    customer_l,
    customer_r
  from identity.identifier
  where namespace = 'decision'
    and status in ('shared', 'refused')
)
select
  forbidden.merge_id,
  coalesce(merge.decided_by, '') as merged_by,
  forbidden.keep_apart_id,
  coalesce(keep_apart.decided_by, '') as kept_apart_by,
  coalesce(forbidden.customer_l, '') as customer_l,
  coalesce(forbidden.customer_r, '') as customer_r,
  count(*) over () as total
from forbidden
left join stewardship.decision as merge on merge.decision_id = forbidden.merge_id
left join stewardship.decision as keep_apart on keep_apart.decision_id = forbidden.keep_apart_id
order by merge.number, forbidden.merge_id
limit $shown
