-- One row per customer with a ticket. support_tickets were opened within the window of service_days;
-- the rest is of all time. A ticket is open until its status or its resolution says otherwise.
-- Grain: (customer_id).
with
  ticket as (
    select
      customer_id,
      event_time,
      csat,
      category = 'complaint'
        and coalesce(status, 'open') not in ('resolved', 'closed')
        and coalesce(resolved_at > $as_of, true) as is_open_complaint,
      case
        when resolved_at between event_time and $as_of then date_diff('second', event_time, resolved_at)
      end as resolution_seconds
    from silver.tickets
    where customer_id is not null
      and event_time <= $as_of
  )
select
  customer_id,
  count(*) filter (where event_time >= $service_since) as support_tickets,
  count(*) filter (where is_open_complaint) as open_complaints,
  cast(avg(csat) as decimal(4, 2)) as avg_csat,
  cast(sum(resolution_seconds) / (3600 * count(resolution_seconds)) as decimal(18, 2))
    as avg_resolution_hours
from ticket
group by customer_id
