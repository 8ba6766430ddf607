-- One row per change that this build makes to where a customer stands: entered, moved and left tell of
-- segments, churn_risk_rose and churn_risk_fell of the churn risk at which a case is high.
-- It is held against the last change of each customer; the rows are added to those of builds before.
-- Grain: (number).
with
  past as (
    select
      customer_id,
      arg_max(kind, number) as kind,
      arg_max(to_segment, number) filter (where to_segment is not null) as segment,
      arg_max(is_churn_risk, number) filter (where is_churn_risk is not null) as is_churn_risk
    from gold.segment_change
    group by customer_id
  ),
  standing as (
    select customer_id, segment, is_churn_risk
    from past
    where kind <> 'left'
  ),
  profile as (
    select customer_id, segment, churn_risk_score, churn_risk_score >= $priority_high_churn as is_churn_risk
    from gold.customer_360
  ),
  compared as (
    select
      customer_id,
      standing.segment as from_segment,
      profile.segment as to_segment,
      profile.churn_risk_score,
      profile.is_churn_risk,
      case
        when standing.customer_id is null then 'entered'
        when profile.customer_id is null then 'left'
        when standing.segment <> profile.segment then 'moved'
      end as segment_kind,
      case
        when profile.is_churn_risk and not standing.is_churn_risk then 'churn_risk_rose'
        when standing.is_churn_risk and not profile.is_churn_risk then 'churn_risk_fell'
      end as risk_kind
    from standing
    full join profile using (customer_id)
  ),
  change as (
    select customer_id, segment_kind as kind, from_segment, to_segment, churn_risk_score, is_churn_risk
    from compared
    where segment_kind is not null

    union all

    select customer_id, risk_kind as kind, from_segment, to_segment, churn_risk_score, is_churn_risk
    from compared
    where risk_kind is not null
  )
select
  (select coalesce(max(number), 0) from gold.segment_change)
    + row_number() over (order by customer_id, kind) as number,
  cast($run as integer) as run,
  cast($as_of as timestamp) as changed_at,
  customer_id,
  kind,
  from_segment,
  to_segment,
  churn_risk_score,
  is_churn_risk
from change
