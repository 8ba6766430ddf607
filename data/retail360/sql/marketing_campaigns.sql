-- One row per marketing campaign; the last has yet to begin.
-- Grain: (CAMPAIGN_ID).
with
  campaign as (
    select
      range as number,
      case
        when range + 1 = getvariable('campaigns') then getvariable('closed') + 20 * 86400
        else getvariable('opened') - 40 * 86400
          + range * (getvariable('span') + 35 * 86400) // getvariable('campaigns')
      end as begins
    from range(getvariable('first'), getvariable('last'))
  ),
  costed as (
    select
      *,
      begins + (30 + draw(number, 'length', 60)) * 86400 as ends,
      500000 + draw(number, 'budget', 5000000) as budget
    from campaign
  )
select
  campaign_id(number) as CAMPAIGN_ID,
  campaign_name(number) as CAMPAIGN_NAME,
  campaign_channel(number) as CAMPAIGN_TYPE,
  day_of(begins) as START_DATE,
  day_of(ends) as END_DATE,
  cast(money(budget) as decimal(12, 2)) as BUDGET,
  case
    when begins < getvariable('closed')
      then cast(money(budget * (60 + draw(number, 'spent', 50)) // 100) as decimal(12, 2))
    else 0
  end as SPENT_AMOUNT,
  pick(['ALL', 'NEW_CUSTOMERS', 'LOYAL_CUSTOMERS', 'LAPSED_CUSTOMERS'], number, 'audience')
    as TARGET_AUDIENCE,
  case
    when begins >= getvariable('closed') then 'PLANNED'
    when ends >= getvariable('closed') then 'ACTIVE'
    else 'COMPLETED'
  end as CAMPAIGN_STATUS,
  pick(['m.ito', 'p.novak', 'r.silva'], number, 'creator') as CREATED_BY
from costed
