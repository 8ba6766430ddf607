-- One row per campaign that is planned, sent messages or brought visits.
-- Grain: (campaign_id).
select
  campaign_id,
  name,
  type,
  started_at,
  ended_at,
  budget_usd,
  spent_usd
from gold.campaign_performance
