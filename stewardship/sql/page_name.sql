-- One row per review item asked about: its first attributes, which say to people who is meant.
-- Grain: (item_id).
with
  attribute as (
    select
      item_id,
      value_l,
      value_r,
      row_number() over (partition by item_id order by rowid) as place
    from stewardship.review_field
    where item_id in (select unnest(cast($item_ids as varchar[])))
      and field not in (select unnest(cast($namespaces as varchar[])))
  )
select
  item_id,
  coalesce(string_agg(value_l, ' ' order by place), '') as name_l,
  coalesce(string_agg(value_r, ' ' order by place), '') as name_r
from attribute
where place <= $most
group by item_id
order by item_id
