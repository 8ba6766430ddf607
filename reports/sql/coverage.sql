-- One row per metric: the share of known customers who have a profile, and who has none.
-- Grain: (metric).
with
  mastered as (
    select source, record_id, customer_id from silver.customers
    union all
    select source, record_id, customer_id from silver.loyalty_accounts
  ),
  known as (
    select distinct coalesce(customer_id, 'a record of ' || source || ' without a customer') as customer_id
    from mastered
  ),
  missing as (
    select customer_id
    from known
    anti join gold.customer_360 using (customer_id)
  ),
  named as (
    select customer_id
    from missing
    order by customer_id
    limit $shown
  ),
  known_total as (
    select count(*) as customers from known
  ),
  missing_total as (
    select count(*) as customers from missing
  )
-- Rounded down: one missing customer in a million is still seen.
select
  'profile_coverage_rate' as metric,
  coalesce(
    floor(10000 * (known_total.customers - missing_total.customers) / nullif(known_total.customers, 0)) / 10000,
    1
  ) as value,
  missing_total.customers as offenders,
  (select string_agg(customer_id, ', ' order by customer_id) from named) as named
from known_total
cross join missing_total
