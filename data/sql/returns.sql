-- One row per return of an order.
-- Grain: (return_id).
select
  numbered('R', number) as return_id,
  numbered('O', "order") as order_id,
  moment(returned_at) as returned_at,
  usd(cents) as amount_usd,
  getvariable('return_reasons')[reason + 1] as reason
from returns_draw
