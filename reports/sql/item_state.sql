-- One row per kind of review item: how many are in each state, how old the open ones are, and what is at stake.
-- Open are those that wait for a decision, assigned or not. An age counts in days from the run that saw the item
-- first, by the moments that runs speak of.
-- Grain: (kind).
with
  item as (
    select
      review_item.kind,
      review_item.state,
      review_item.state in ('open', 'assigned') as is_open,
      greatest(date_diff('day', run.as_of, cast($as_of as timestamp)), 0) as days,
      review_impact.impact_usd
    from stewardship.review_item
    left join stewardship.review_impact using (item_id)
    left join ops.run on run.run = review_item.first_run
  )
select
  kind,
  count(*) filter (where is_open) as open,
  count(*) filter (where state = 'assigned') as assigned,
  count(*) filter (where state = 'held') as held,
  count(*) filter (where state = 'decided') as decided,
  count(*) filter (where state = 'obsolete') as obsolete,
  count(*) filter (where is_open and coalesce(days, 0) < 1) as under_a_day,
  count(*) filter (where is_open and days between 1 and 7) as under_8_days,
  count(*) filter (where is_open and days between 8 and 30) as under_31_days,
  count(*) filter (where is_open and days > 30) as older,
  max(days) filter (where is_open) as oldest_days,
  cast(sum(impact_usd) filter (where is_open) as decimal(18, 2)) as impact_usd
from item
group by kind
order by open desc, kind
