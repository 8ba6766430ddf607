-- One row per identified customer and way of paying: how often, and for how much of their money.
-- Grain: (customer_id, payment_method).
with
  paid as (
    select
      customer_id,
      coalesce(nullif(lower(trim(payment_method)), ''), 'unknown') as payment_method,
      amount_usd
    from silver.customer_transaction
  ),
  method as (
    select
      customer_id,
      payment_method,
      count(*) as orders,
      cast(sum(amount_usd) as decimal(18, 2)) as amount_usd
    from paid
    group by customer_id, payment_method
  ),
  total as (
    select customer_id, sum(amount_usd) as amount_usd
    from method
    group by customer_id
  )
select
  customer_id,
  method.payment_method,
  method.orders,
  method.amount_usd,
  cast(method.amount_usd / nullif(total.amount_usd, 0) as decimal(9, 4)) as amount_share
from silver.customer_profile_base
join method using (customer_id)
join total using (customer_id)
