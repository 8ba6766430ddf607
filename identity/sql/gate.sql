-- One row: what the gates of the configuration are compared with, measured on a run that is not published
-- yet. An id is changed where a customer of the last published run died, split, or gave records away.
-- Grain: ().
with
  before as (
    select count(*) as customers
    from identity.customer
    where from_run < $run
      and redirects_to is null
      and coalesce(to_run, $run) = $run
  ),
  now as (
    select kind, customer_id, other_customer_id
    from identity.change
    where run = $run
  ),
  changed as (
    select other_customer_id as customer_id
    from now
    where kind in ('merged', 'moved')
    union
    select customer_id
    from now
    where kind in ('split', 'retired')
  )
select
  (select count(*) from changed) / greatest((select customers from before), 1) as max_share_of_ids_changed,
  (
    select coalesce(max(records), 0)
    from identity.customer
    where to_run is null
  ) as max_cluster_size,
  count(*) filter (where kind = 'merged') as max_merged,
  count(*) filter (where kind = 'split') as max_split,
  count(*) filter (where kind = 'retired') as max_retired
from now
