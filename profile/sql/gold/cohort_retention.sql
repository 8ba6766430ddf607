-- One row per month of a first purchase and month since then in which anyone of that cohort bought.
-- Cohorts are of identified customers; revenue is what was paid, before returns.
-- Grain: (cohort_month, months_since).
with
  bought as (
    select
      customer_id,
      cast(date_trunc('month', paid.event_time) as date) as month,
      sum(paid.revenue_usd) as revenue_usd
    from silver.customer_profile_base
    join silver.paid_order as paid using (customer_id)
    group by customer_id, cast(date_trunc('month', paid.event_time) as date)
  ),
  cohort as (
    select customer_id, min(month) as cohort_month
    from bought
    group by customer_id
  ),
  size as (
    select cohort_month, count(*) as customers
    from cohort
    group by cohort_month
  ),
  activity as (
    select
      cohort_month,
      cast(date_diff('month', cohort_month, bought.month) as integer) as months_since,
      count(*) as active_customers,
      cast(sum(bought.revenue_usd) as decimal(18, 2)) as revenue_usd
    from cohort
    join bought using (customer_id)
    group by cohort_month, cast(date_diff('month', cohort_month, bought.month) as integer)
  )
select
  cohort_month,
  activity.months_since,
  size.customers,
  activity.active_customers,
  cast(activity.active_customers / size.customers as decimal(5, 4)) as retention_share,
  activity.revenue_usd
from activity
join size using (cohort_month)
