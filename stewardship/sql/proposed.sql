-- One row per proposal that keeps what sources promise: the two have no record of one source that lists a
-- person once, and of several such people that somebody may be, only the heaviest is asked.
-- Grain: (item_id).
with
  two_people as (
    select distinct likely.item_id
    from temp.likely
    join temp.listed as l on l.customer_id = likely.customer_id_l
    join temp.listed as r on r.customer_id = likely.customer_id_r
    where l.source = r.source
  ),
  possible as (
    select likely.item_id, likely.customer_id_l, likely.customer_id_r, likely.match_weight
    from temp.likely
    anti join two_people using (item_id)
  ),
  rival as (
    select possible.item_id, customer_id_l as asker, listed.customer_id, listed.source, match_weight
    from possible
    join temp.listed on listed.customer_id = possible.customer_id_r
    union all
    select possible.item_id, customer_id_r as asker, listed.customer_id, listed.source, match_weight
    from possible
    join temp.listed on listed.customer_id = possible.customer_id_l
  ),
  ranked as (
    select
      item_id,
      row_number() over (partition by asker, source order by match_weight desc, customer_id) as place
    from rival
  )
select
  likely.item_id,
  likely.customer_id_l,
  likely.customer_id_r,
  likely.model,
  likely.match_weight,
  likely.match_probability
from temp.likely
semi join possible using (item_id)
anti join (from ranked where place > 1) using (item_id)
