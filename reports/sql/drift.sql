-- One row per metric that is held against earlier checks: profiles, and known customers who said no lately.
-- Grain: (metric).
with
  said as (
    select customer_id, max_by(is_granted, (event_time, record_id)) as is_granted, max(event_time) as said_at
    from silver.consents
    where lower(trim(purpose)) = 'marketing'
      and is_granted is not null
      and event_time <= $as_of
    group by customer_id
  ),
  profile as (
    select
      count(*) as profiles,
      count(*) filter (where profile.is_known) as known,
      count(*) filter (
        where profile.is_known
          and not said.is_granted
          and said.said_at > $as_of - interval 7 days
      ) as withdrawn
    from gold.customer_360 as profile
    left join said using (customer_id)
  )
select 'profile_count' as metric, cast(profiles as double) as value
from profile
union all
select 'marketing_withdrawal_share', withdrawn / nullif(known, 0)
from profile
