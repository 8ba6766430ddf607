-- One row per part: does it say who it is (an anchor, or a master record) or at least how to reach it (a
-- contact), and may any value of it link?
-- Grain: (part).
with
  mastered as (
    select part, bool_or(has_master) as has_master
    from temp.part_keyring
    group by part
  ),
  carried as (
    select
      part,
      bool_or(list_contains($anchors, namespace)) as has_anchor,
      bool_or(list_contains($contacts, namespace)) as has_contact,
      bool_or(status = 'joined' or status = 'alone') as has_link
    from temp.part_value
    group by part
  )
select
  mastered.part,
  mastered.has_master,
  mastered.has_master or coalesce(carried.has_anchor, false) as says_who,
  coalesce(carried.has_contact, false) as has_contact,
  coalesce(carried.has_link, false) as has_link,
  carried.part is not null as has_value
from mastered
left join carried using (part)
