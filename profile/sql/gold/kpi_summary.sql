-- One row per metric. A share or a mean of nothing is 0. Values are cast to four decimals at their
-- origin: a union of wider decimals would round them to two.
-- Grain: (metric).
with
  profile as (
    select
      count(*) as profiles,
      count(*) filter (where is_known) as customers,
      count(*) filter (where retention_priority = 'urgent') as urgent,
      cast(sum(open_complaints) as bigint) as open_complaints,
      cast(avg(customer_value_score) as decimal(18, 4)) as value_score,
      cast(avg(churn_risk_score) as decimal(18, 4)) as churn_score,
      cast(avg(cast(marketing_consent as integer)) filter (where is_known) as decimal(18, 4))
        as marketing,
      cast(avg(cast(personalization_consent as integer)) filter (where is_known) as decimal(18, 4))
        as personalization
    from gold.customer_360
  ),
  mastered as (
    select customer_id, source, record_id from silver.customers
    union all
    select customer_id, source, record_id from silver.loyalty_accounts
  ),
  known as (
    select distinct coalesce(customer_id, source || ' ' || record_id) as customer_id
    from mastered
  ),
  coverage as (
    select cast(count(profile.customer_id) / nullif(count(*), 0) as decimal(18, 4)) as share
    from known
    left join gold.customer_360 as profile using (customer_id)
  ),
  refunded as (
    select cast(coalesce(sum(amount_usd), 0) as decimal(18, 4)) as amount
    from silver.refund
  ),
  sold as (
    select
      count(*) as orders,
      sum(paid.revenue_usd) as gross,
      sum(paid.returned_usd) as returned,
      sum(paid.revenue_usd) filter (where profile.customer_id is null) as unattributed
    from silver.paid_order as paid
    left join gold.customer_360 as profile using (customer_id)
  ),
  sale as (
    select
      orders,
      cast(coalesce(gross, 0) as decimal(18, 4)) as gross,
      cast(coalesce(returned, 0) as decimal(18, 4)) as returned,
      cast(coalesce(unattributed, 0) as decimal(18, 4)) as unattributed,
      cast(gross / nullif(orders, 0) as decimal(18, 4)) as mean
    from sold
  ),
  given_back as (
    select cast(coalesce(sum(amount_usd), 0) as decimal(18, 4)) as amount
    from silver.returns
  ),
  flagged as (
    select count(*) as records
    from silver.row_flag
  ),
  visited as (
    select count(*) as sessions
    from silver.customer_session
  ),
  visitor as (
    select count(*) as visitors
    from gold.anonymous_visitor
  ),
  activation as (
    select count(*) as candidates
    from gold.activation_candidates
  ),
  metric as (
    select
      'customers' as metric,
      customers as value,
      'count' as unit,
      'customers known to a mastering source (customers, loyalty_accounts) who have a profile'
        as definition
    from profile

    union all

    select 'profiles', profiles, 'count', 'identified customers: rows of customer_360'
    from profile

    union all

    select 'anonymous_visitors', visitors, 'count', 'visitors known by traces alone'
    from visitor

    union all

    select 'profile_coverage_rate', share, 'share',
      'share of the customers known to a mastering source who have a profile'
    from coverage

    union all

    select 'paid_orders', orders, 'count', 'paid orders up to the moment of the build, of whomever'
    from sale

    union all

    select 'gross_revenue_usd', gross, 'usd', 'what was paid for the paid orders, before returns'
    from sale

    union all

    select 'returned_usd', returned, 'usd', 'money given back for returns of paid orders'
    from sale

    union all

    select 'refunded_usd', amount, 'usd', 'money given back by transactions of type return or refund'
    from refunded

    union all

    select 'net_revenue_usd', sale.gross - sale.returned - refunded.amount, 'usd',
      'gross revenue less returns and refunds'
    from sale
    cross join refunded

    union all

    select 'avg_order_value_usd', mean, 'usd', 'gross revenue per paid order'
    from sale

    union all

    select 'unattributed_revenue_usd', unattributed, 'usd',
      'the part of gross revenue that no identified customer paid'
    from sale

    union all

    select 'unmatched_returns_usd', given_back.amount - sale.returned, 'usd',
      'money given back for orders that are not paid or not there; not part of returned_usd'
    from sale
    cross join given_back

    union all

    select 'marketing_consent_rate', marketing, 'share',
      'share of known customers whose consent to marketing is in force'
    from profile

    union all

    select 'personalization_consent_rate', personalization, 'share',
      'share of known customers whose consent to personalization is in force'
    from profile

    union all

    select 'sessions', sessions, 'count', 'visits of persons, of all time and of whomever'
    from visited

    union all

    select 'flagged_records', records, 'count', 'records that are odd, by silver.row_flag'
    from flagged

    union all

    select 'activation_candidates', candidates, 'count', 'profiles with both consents in force'
    from activation

    union all

    select 'urgent_retention_customers', urgent, 'count', 'profiles of retention priority urgent'
    from profile

    union all

    select 'open_complaints', open_complaints, 'count', 'complaints of profiles that are not resolved'
    from profile

    union all

    select 'avg_customer_value_score', value_score, 'points', 'mean value score of profiles, 0 to 100'
    from profile

    union all

    select 'avg_churn_risk_score', churn_score, 'points', 'mean churn risk of profiles, 0 to 100'
    from profile
  )
select metric, cast(coalesce(value, 0) as decimal(18, 4)) as value, unit, definition
from metric
