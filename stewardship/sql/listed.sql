-- One row per customer of a proposal and source that promises to list a person once, of which it has a record.
-- Grain: (customer_id, source).
with
  named as (
    select customer_id_l as customer_id
    from temp.likely
    union
    select customer_id_r
    from temp.likely
  )
select distinct member.customer_id, member.source
from identity.member as member
semi join named using (customer_id)
where list_contains(cast($one_to_one as varchar[]), member.source)
  and member.to_run is null
