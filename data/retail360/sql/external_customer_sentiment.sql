-- One row per measurement of what a customer says elsewhere; some are delivered twice.
-- Grain: (SENTIMENT_ID), but for second deliveries.
with
  numbered as (
    select number_of(range, getvariable('sentiments')) as number
    from range(getvariable('first'), getvariable('last'))
  ),
  measured as (
    select
      *,
      draw(number, 'speaks', getvariable('customers')) as contact,
      draw(number, 'for', 12) as positive,
      draw(number, 'against', 6) as negative,
      draw(number, 'neither', 8) as neutral
    from numbered
  )
select
  numbered('XS', number, 9) as SENTIMENT_ID,
  customer_id(contact) as CUSTOMER_ID,
  pick(['FACEBOOK', 'TWITTER', 'LINKEDIN', 'ENRICHMENT'], number, 'provider') as DATA_SOURCE,
  told_moment(happened(number, getvariable('sentiments')), number) as SENTIMENT_DATE,
  pick(['BRAND', 'PRODUCT', 'SERVICE', 'COMPETITOR'], number, 'type') as SENTIMENT_TYPE,
  hundredths(100 * (positive - negative) // (positive + negative + neutral + 1)) as SENTIMENT_SCORE,
  hundredths(draw(number, 'magnitude', 101)) as SENTIMENT_MAGNITUDE,
  cast(positive + negative + neutral as integer) as MENTION_COUNT,
  cast(positive as integer) as POSITIVE_MENTIONS,
  cast(negative as integer) as NEGATIVE_MENTIONS,
  cast(neutral as integer) as NEUTRAL_MENTIONS,
  format(
    '["{}","{}"]',
    pick(getvariable('keywords'), number, 'keyword'),
    lower(category_of(draw(contact, 'favourite', 8)))
  ) as KEYWORDS,
  case
    when draw(number, 'names address', 40) = 0
      then 'Wrote publicly: mail me at ' || email_of(person_of(contact))
    else pick(getvariable('contexts'), number, 'context')
  end as CONTEXT
from measured
