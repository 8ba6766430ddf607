-- One row per customer and purpose for which consent was ever asked: the answer in force.
-- The latest answer wins. Yes and no at the same instant are a no; so is an answer left blank.
-- Grain: (customer_id, purpose).
with
  answer as (
    select
      customer_id,
      lower(trim(purpose)) as purpose,
      event_time,
      bool_and(coalesce(is_granted, false)) as is_granted,
      bool_or(coalesce(is_granted, false)) as is_granted_once,
      bool_and(is_granted is null) as is_unanswered
    from silver.consents
    where customer_id is not null
      and trim(purpose) <> ''
      and event_time <= $as_of
    group by customer_id, lower(trim(purpose)), event_time
  ),
  latest as (
    select customer_id, purpose, max(event_time) as event_time
    from answer
    group by customer_id, purpose
  )
select
  customer_id,
  purpose,
  answer.is_granted,
  event_time as decided_at,
  case
    when answer.is_granted then 'granted'
    when answer.is_granted_once then 'conflicting'
    when answer.is_unanswered then 'unanswered'
    else 'withdrawn'
  end as reason
from answer
join latest using (customer_id, purpose, event_time)
