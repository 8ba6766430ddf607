-- One row per pair of customers that values could not bring together. The smaller id is left; where a single
-- value is at issue, the customer that was seen with it last.
-- Grain: (item_id).
with
  counted as (
    select
      item_id,
      customer_id_l,
      customer_id_r,
      count(*) = 1 and coalesce(max(last_seen_r) > max(last_seen_l), max(last_seen_r) is not null) as turns
    from temp.pair_value
    group by item_id, customer_id_l, customer_id_r
  )
select
  item_id,
  if(turns, customer_id_r, customer_id_l) as customer_id_l,
  if(turns, customer_id_l, customer_id_r) as customer_id_r
from counted
