-- One row per step of what came back of the messages to those who are activated now: how many of them.
-- Grain: (stage).
with
  activated as (
    select distinct customer_id
    from gold.activation_candidates
  ),
  told as (
    select
      coalesce(engagement.delivered_messages, 0) as delivered,
      coalesce(engagement.opened_messages, 0) as opened,
      coalesce(engagement.clicked_messages, 0) as clicked,
      coalesce(engagement.converted_messages, 0) as converted,
      coalesce(engagement.unsubscribed_messages, 0) as unsubscribed
    from activated
    left join gold.engagement using (customer_id)
  ),
  stage (stage, label) as (
    values (1, 'Activated'), (2, 'Got a message'), (3, 'Opened one'), (4, 'Clicked'), (5, 'Bought of it'), (6, 'Unsubscribed')
  )
select
  stage,
  label,
  count(*) filter (
    where case stage
      when 1 then true
      when 2 then delivered > 0
      when 3 then opened > 0
      when 4 then clicked > 0
      when 5 then converted > 0
      else unsubscribed > 0
    end
  ) as customers
from stage
left join told on true
group by stage, label
order by stage
