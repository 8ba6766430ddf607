-- One row per identified customer with a loyalty account or points. The balance is what the feeds say: the
-- sum over the accounts, or else the latest of a source of customers. points_difference is what their
-- orders do not explain of it, which is 0 where the ledger is whole.
-- Grain: (customer_id).
with
  account as (
    select
      customer_id,
      count(*) as accounts,
      min(joined_at) as joined_at,
      cast(sum(points) as bigint) as points,
      count(*) filter (where lower(trim(status)) = 'active') as active_accounts
    from silver.loyalty_accounts
    where customer_id is not null
    group by customer_id
  ),
  stated as (
    select
      customer_id,
      loyalty_points as points,
      row_number() over (
        partition by customer_id
        order by event_time desc nulls last, source, record_id
      ) as place
    from silver.customers
    where loyalty_points is not null
  ),
  ledger as (
    select
      base.customer_id,
      base.loyalty_id,
      base.loyalty_tier as tier,
      coalesce(account.accounts, 0) as accounts,
      coalesce(account.active_accounts, 0) as active_accounts,
      account.joined_at,
      cast(coalesce(orders.points_earned, 0) as bigint) as points_earned,
      cast(coalesce(orders.points_redeemed, 0) as bigint) as points_redeemed,
      cast(coalesce(account.points, stated.points) as bigint) as points_balance
    from silver.customer_profile_base as base
    left join account on account.customer_id = base.customer_id
    left join stated on stated.customer_id = base.customer_id and stated.place = 1
    left join silver.customer_order as orders on orders.customer_id = base.customer_id
  )
select
  customer_id,
  loyalty_id,
  tier,
  accounts,
  active_accounts,
  joined_at,
  points_earned,
  points_redeemed,
  points_balance,
  points_balance - (points_earned - points_redeemed) as points_difference,
  cast(points_redeemed / nullif(points_earned, 0) as decimal(9, 4)) as burn_rate
from ledger
where accounts > 0
  or points_balance is not null
  or points_earned > 0
  or points_redeemed > 0
