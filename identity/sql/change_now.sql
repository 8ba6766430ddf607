-- One row per change of the graph in this run. merged: customer_id took the other, which died. split:
-- the other is a new customer made of records of customer_id. moved: records of the other went to
-- customer_id, and both had been there before.
-- Grain: (kind, customer_id, other_customer_id).
with
  born as (
    select customer_id, records
    from identity.customer
    where from_run = $run
      and to_run is null
      and redirects_to is null
      and customer_id not in (select past.customer_id from identity.customer as past where past.from_run < $run)
  ),
  exchange as (
    select
      moved.customer_old,
      moved.customer_new,
      moved.records,
      case
        when redirect.redirects_to = moved.customer_new then 'merged'
        when born.customer_id is not null then 'split'
        else 'moved'
      end as kind
    from temp.moved
    left join temp.run_redirect as redirect on redirect.customer_id = moved.customer_old
    left join born on born.customer_id = moved.customer_new
    where moved.customer_old is not null
      and moved.customer_new is not null
  ),
  gone as (
    select customer_old as customer_id, sum(records) as records
    from temp.moved
    where customer_new is null
      and customer_old not in (select customer.customer_id from identity.customer where customer.to_run is null)
    group by customer_old
  )
select
  $run as run,
  kind,
  if(kind = 'split', customer_old, customer_new) as customer_id,
  if(kind = 'split', customer_new, customer_old) as other_customer_id,
  records || if(records = 1, ' record; ', ' records; ') || coalesce(between_two.evidence, 'no value in common') as evidence
from exchange
left join temp.between_two as between_two using (customer_old, customer_new)
union all
select
  $run as run,
  'new' as kind,
  customer_id,
  cast(null as varchar) as other_customer_id,
  records || if(records = 1, ' record', ' records') as evidence
from born
where customer_id not in (select customer_new from exchange where kind = 'split')
union all
select
  $run as run,
  'retired' as kind,
  customer_id,
  cast(null as varchar) as other_customer_id,
  records || if(records = 1, ' record is gone', ' records are gone') as evidence
from gone
