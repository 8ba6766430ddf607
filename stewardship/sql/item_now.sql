-- One row per doubt of this run, with the records of the customers that it is about.
-- Grain: (item_id).
with
  item as (
    select item_id, kind, customer_id_l, customer_id_r, evidence, uncertainty
    from temp.pair_item
    union all
    select item_id, kind, customer_id_l, customer_id_r, evidence, uncertainty
    from temp.bridge_item
    union all
    select item_id, kind, customer_id_l, customer_id_r, evidence, uncertainty
    from temp.conflict_item
    union all
    select item_id, kind, customer_id_l, customer_id_r, evidence, uncertainty
    from temp.probable_item
  ),
  customer as (
    select customer_id, records
    from identity.customer
    where to_run is null
      and redirects_to is null
  )
select
  item.item_id,
  item.kind,
  item.customer_id_l,
  item.customer_id_r,
  item.evidence,
  item.uncertainty,
  customer_l.records + coalesce(customer_r.records, 0) as records
from item
join customer as customer_l on customer_l.customer_id = item.customer_id_l
left join customer as customer_r on customer_r.customer_id = item.customer_id_r
