-- One row per campaign that is planned, sent messages or brought visits: what became of the messages, the
-- orders due to them (see silver.attributed_order), and what a dollar spent brought back beyond itself.
-- Where sources give two campaigns the same key, the first source by name tells of it.
-- Grain: (campaign_id).
with
  planned as (
    select
      record_id as campaign_id,
      name,
      type,
      started_at,
      ended_at,
      budget_usd,
      spent_usd
    from silver.campaigns
    qualify row_number() over (partition by record_id order by source) = 1
  ),
  sent as (
    select
      coalesce(campaign_id, 'unknown') as campaign_id,
      count(*) as messages,
      count(*) filter (where is_delivered) as delivered,
      count(*) filter (where is_opened) as opened,
      count(*) filter (where is_clicked) as clicked,
      count(*) filter (where is_unsubscribed) as unsubscribed,
      count(*) filter (where is_bounced) as bounced,
      count(*) filter (where is_redeemed) as redeemed,
      count(*) filter (where is_converted) as conversions
    from silver.message
    group by coalesce(campaign_id, 'unknown')
  ),
  visited as (
    select campaign_id, count(*) as visits
    from silver.customer_session
    where campaign_id is not null
    group by campaign_id
  ),
  sold as (
    select
      campaign_id,
      count(*) as orders,
      count(distinct customer_id) as buyers,
      cast(sum(revenue_usd) as decimal(18, 2)) as revenue_usd,
      cast(sum(returned_usd) as decimal(18, 2)) as returned_usd
    from silver.attributed_order
    group by campaign_id
  ),
  campaign as (
    select
      campaign_id,
      planned.name,
      planned.type,
      planned.started_at,
      planned.ended_at,
      coalesce(sent.messages, 0) as messages,
      coalesce(sent.delivered, 0) as delivered,
      coalesce(sent.opened, 0) as opened,
      coalesce(sent.clicked, 0) as clicked,
      coalesce(sent.unsubscribed, 0) as unsubscribed,
      coalesce(sent.bounced, 0) as bounced,
      coalesce(sent.redeemed, 0) as redeemed,
      coalesce(sent.conversions, 0) as conversions,
      coalesce(visited.visits, 0) as visits,
      coalesce(sold.orders, 0) as attributed_orders,
      coalesce(sold.buyers, 0) as attributed_buyers,
      coalesce(sold.revenue_usd, 0) as attributed_revenue_usd,
      coalesce(sold.returned_usd, 0) as attributed_returned_usd,
      planned.budget_usd,
      planned.spent_usd
    from planned
    full join sent using (campaign_id)
    full join visited using (campaign_id)
    left join sold using (campaign_id)
  )
select
  campaign_id,
  name,
  type,
  started_at,
  ended_at,
  messages,
  delivered,
  opened,
  clicked,
  unsubscribed,
  bounced,
  redeemed,
  conversions,
  cast(opened / nullif(delivered, 0) as decimal(5, 4)) as open_rate,
  cast(clicked / nullif(delivered, 0) as decimal(5, 4)) as click_rate,
  visits,
  attributed_orders,
  attributed_buyers,
  attributed_revenue_usd,
  attributed_returned_usd,
  budget_usd,
  spent_usd,
  cast(
    (attributed_revenue_usd - attributed_returned_usd - spent_usd) / nullif(spent_usd, 0) as decimal(18, 4)
  ) as roi
from campaign
