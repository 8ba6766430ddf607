-- One row per review item asked about: what there is to know before it is answered.
-- Grain: (item_id).
with
  disputed as (
    select item_id, list_sort(list(namespace || ':' || value)) as disputed
    from stewardship.review_value
    where status in ('shared', 'refused')
      and item_id in (select item_id from temp.asked_item)
    group by item_id
  )
select
  item.item_id,
  item.customer_id_l,
  item.customer_id_r,
  item.last_run,
  item.changed_run,
  coalesce(disputed.disputed, []) as disputed
from stewardship.review_item as item
join temp.asked_item using (item_id)
left join disputed using (item_id)
order by item.item_id
