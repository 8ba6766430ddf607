-- One row per identified customer: the segment they are in, and the build that found them there first.
-- Grain: (customer_id).
with
  entry as (
    select customer_id, max(number) as number
    from gold.segment_change
    where kind in ('entered', 'moved')
    group by customer_id
  )
select
  customer_id,
  profile.segment,
  change.run as since_run,
  change.changed_at as since,
  profile.churn_risk_score >= $priority_high_churn as is_churn_risk
from entry
join gold.segment_change as change using (customer_id, number)
join gold.customer_360 as profile using (customer_id)
