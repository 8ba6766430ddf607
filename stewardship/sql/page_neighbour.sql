-- One row: the items before and after a place in the order of the list, of those that the filter lets through.
-- Grain: ().
with
  listed as (
    select struct_pack(depth := -coalesce(impact.priority, 0), item_id := item.item_id) as place
    from stewardship.review_item as item
    left join stewardship.review_impact as impact using (item_id)
    where ($kind is null or item.kind = $kind)
      and list_contains($states, item.state)
      and ($assignee is null or coalesce(item.assignee, '') = $assignee)
      and item.item_id <> $item_id
  ),
  here as (
    select struct_pack(depth := -cast($priority as double), item_id := cast($item_id as varchar)) as place
  )
select
  max(listed.place) filter (where listed.place < here.place).item_id as previous_item,
  min(listed.place) filter (where listed.place > here.place).item_id as next_item,
  min(listed.place).item_id as first_item
from here
left join listed on true
