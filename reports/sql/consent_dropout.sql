-- One row per step towards activation and reason for which known customers are lost there, the most frequent
-- first, and the segments that lose most by it. A customer counts once for each reason that the step can have.
-- Grain: (stage, reason).
with
  candidate as (
    select distinct customer_id
    from gold.activation_candidates
  ),
  lost as (
    select
      customer_id,
      customer_360.segment,
      case
        when contact.customer_id is null then 2
        when not customer_360.marketing_consent then 3
        when not customer_360.personalization_consent then 4
        else 5
      end as stage
    from gold.customer_360
    left join temp.reachable_customer as contact using (customer_id)
    left join candidate using (customer_id)
    where customer_360.is_known
      and (
        contact.customer_id is null
        or candidate.customer_id is null
        or not customer_360.marketing_consent
        or not customer_360.personalization_consent
      )
  ),
  told as (
    select customer_id, unnest(string_split(reason, ', ')) as word
    from gold.activation_excluded
    where audience = 'candidates'
  ),
  -- What a consent is called in a reason tells the step.
  stated as (
    select
      customer_id,
      word,
      case
        when word like '%marketing%' then 3
        when word like '%personalization%' then 4
        else 5
      end as stage
    from told
  ),
  reasoned as (
    select
      lost.stage,
      lost.segment,
      lost.customer_id,
      case
        when lost.stage = 2 then 'nothing to reach them by'
        else coalesce(stated.word, 'kept out by the audience')
      end as reason
    from lost
    left join stated on stated.customer_id = lost.customer_id
      and stated.stage = lost.stage
      and lost.stage > 2
  ),
  by_segment as (
    select stage, reason, segment, count(distinct customer_id) as customers
    from reasoned
    group by stage, reason, segment
  ),
  ranked as (
    select
      stage,
      reason,
      segment,
      customers,
      row_number() over (partition by stage, reason order by customers desc, segment) as place
    from by_segment
  )
select
  stage,
  reason,
  cast(sum(customers) as bigint) as customers,
  string_agg(segment || ' ' || customers, ', ' order by place) filter (where place <= 3) as segments
from ranked
group by stage, reason
order by stage, sum(customers) desc, reason
