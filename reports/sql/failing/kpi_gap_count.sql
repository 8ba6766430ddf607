-- One row per figure of the KPI summary that the profiles do not add up to. Revenue of nobody known is told apart.
-- Grain: (metric).
with
  profile as (
    select
      count(*) as profiles,
      count(*) filter (where is_known) as customers,
      count(*) filter (where retention_priority = 'urgent') as urgent,
      coalesce(sum(total_revenue_usd), 0) as gross
    from gold.customer_360
  ),
  told as (
    select
      any_value(value) filter (where metric = 'profiles') as profiles,
      any_value(value) filter (where metric = 'customers') as customers,
      any_value(value) filter (where metric = 'urgent_retention_customers') as urgent,
      any_value(value) filter (where metric = 'gross_revenue_usd')
        - coalesce(any_value(value) filter (where metric = 'unattributed_revenue_usd'), 0) as gross
    from gold.kpi_summary
  ),
  compared (metric, in_summary, in_profiles) as (
    select 'profiles', told.profiles, profile.profiles from told cross join profile
    union all
    select 'customers', told.customers, profile.customers from told cross join profile
    union all
    select 'urgent_retention_customers', told.urgent, profile.urgent from told cross join profile
    union all
    select 'gross_revenue_usd', told.gross, profile.gross from told cross join profile
  )
select metric, in_summary, in_profiles
from compared
where in_summary is distinct from in_profiles
order by metric
