-- One row per customer and purpose for which consent was ever asked: the answer in force.
-- The latest answer wins. Yes and no at the same instant are a no; so is an answer left blank.
-- A no that came by nothing but a value which several customers share is a no of each of them, because
-- nobody can tell whose it is.
-- Grain: (customer_id, purpose).
with
  stated as (
    select customer_id, purpose, event_time, is_granted
    from silver.consents
    where customer_id is not null
    union all
    select cluster.customer_id, consents.purpose, consents.event_time, false as is_granted
    from silver.consents
    join identity.member
      on member.source = consents.source
      and member.record_id = consents.record_id
      and member.to_run is null
      and member.resolved_by = 'none'
    join identity.carried as told on told.keyring = member.keyring
    join identity.verdict on verdict.identifier = told.identifier
    join identity.carried as shared on shared.identifier = told.identifier
    join identity.cluster on cluster.keyring = shared.keyring
    where not coalesce(consents.is_granted, false)
      and verdict.status in ('shared', 'refused')
  ),
  answer as (
    select
      customer_id,
      lower(trim(purpose)) as purpose,
      event_time,
      bool_and(coalesce(is_granted, false)) as is_granted,
      bool_or(coalesce(is_granted, false)) as is_granted_once,
      bool_and(is_granted is null) as is_unanswered
    from stated
    where trim(purpose) <> ''
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
