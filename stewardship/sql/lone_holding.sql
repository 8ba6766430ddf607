-- One row per customer of an item that is a record alone. What bears its attributes is the record itself: its
-- keyring may be that of many strangers, because those who carry nothing all carry the same.
-- Grain: (holder).
with
  asked as (
    select distinct customer_id, holder
    from temp.item_side
    where customer_id in (
      select customer_id_l from temp.conflict
      union all
      select customer_id_r from temp.conflict
      union all
      select customer_id_l from temp.probable
      union all
      select customer_id_r from temp.probable
    )
  )
select
  asked.holder,
  member.source,
  member.record_id,
  cast(md5('record' || chr(31) || member.source || chr(31) || member.record_id) as uuid) as bearer
from identity.member
join asked using (customer_id)
where member.to_run is null
  and member.resolved_by = 'none'
