-- One row per visit of a person, whether events, the source's own measurements, or both tell of it.
-- Where both do, events count and time it; what only the source measured (bounce rate, conversion,
-- traffic source, campaign) belongs to the first part of it. event_time is the last moment told of.
-- A visit without a page that led to it is direct, unless the source says where it came from.
-- session_number counts the visits of the customer; those of nobody have none.
-- Quarter, month, day_of_week (1: Monday) and hour are UTC.
-- Grain: (session_key).
with
  measured as (
    select
      customer_id,
      record_id as session_id,
      min(source) as source,
      min(coalesce(started_at, event_time)) as started_at,
      max(ended_at) as ended_at,
      max(event_time) as event_time,
      max(duration_seconds) as duration_seconds,
      max(page_views) as page_views,
      max(bounce_rate) as bounce_rate,
      bool_or(is_converted) as is_converted,
      max(traffic_source) as traffic_source,
      max(campaign_id) as campaign_id
    from silver.sessions
    group by customer_id, record_id
  ),
  traffic_word as (
    select 1 as place, 'search' as class, lower(unnest($referrer_search_words)) as word
    union all
    select 2, 'social', lower(unnest($referrer_social_words))
    union all
    select 3, 'email', lower(unnest($referrer_email_words))
    union all
    select 4, 'direct', lower(unnest($referrer_direct_words))
  ),
  traffic_class as (
    select traffic_source, coalesce(arg_min(class, place), 'other') as class
    from (select distinct traffic_source from silver.sessions where trim(traffic_source) <> '')
      as traffic
    left join traffic_word on contains(lower(traffic_source), word)
    group by traffic_source
  ),
  visit as (
    select
      visit.session_key,
      visit.customer_id,
      visit.source,
      visit.session_id,
      visit.started_at,
      visit.ended_at,
      greatest(visit.ended_at, measured.event_time) as event_time,
      visit.duration_seconds,
      visit.events,
      visit.page_views,
      visit.product_views,
      visit.category_views,
      visit.searches,
      visit.cart_adds,
      visit.wishlist_adds,
      visit.checkouts,
      visit.interactions,
      greatest(visit.purchases, cast(measured.is_converted as bigint)) as conversions,
      measured.bounce_rate,
      visit.device_class,
      visit.channel_type,
      measured.traffic_source,
      measured.campaign_id
    from silver.web_visit as visit
    left join measured
      on measured.customer_id is not distinct from visit.customer_id
      and measured.session_id = visit.session_id
      and visit.part = 1
    where visit.bot_reason is null

    union all

    select
      coalesce(measured.customer_id, '') || '/' || measured.session_id || '/1' as session_key,
      measured.customer_id,
      measured.source,
      measured.session_id,
      measured.started_at,
      greatest(
        measured.started_at,
        coalesce(
          measured.ended_at,
          measured.started_at + interval 1 second * measured.duration_seconds,
          measured.event_time
        )
      ) as ended_at,
      measured.event_time,
      measured.duration_seconds,
      0 as events,
      coalesce(measured.page_views, 0) as page_views,
      0 as product_views,
      0 as category_views,
      0 as searches,
      0 as cart_adds,
      0 as wishlist_adds,
      0 as checkouts,
      0 as interactions,
      coalesce(cast(measured.is_converted as bigint), 0) as conversions,
      measured.bounce_rate,
      'unknown' as device_class,
      null as channel_type,
      measured.traffic_source,
      measured.campaign_id
    from measured
    where not exists (
      select 1
      from silver.web_visit as visit
      where visit.customer_id is not distinct from measured.customer_id
        and visit.session_id = measured.session_id
    )
  ),
  timed as (
    select
      session_key,
      customer_id,
      source,
      session_id,
      started_at,
      ended_at,
      event_time,
      coalesce(
        duration_seconds,
        cast(date_diff('microsecond', started_at, ended_at) // 1000000 as integer)
      ) as duration_seconds,
      events,
      page_views,
      product_views,
      category_views,
      searches,
      cart_adds,
      wishlist_adds,
      checkouts,
      interactions,
      conversions,
      cast(coalesce(bounce_rate, case when page_views = 1 then 1 else 0 end) as decimal(3, 2))
        as bounce_rate,
      device_class,
      coalesce(channel_type, traffic_class.class, 'direct') as channel_type,
      campaign_id
    from visit
    left join traffic_class using (traffic_source)
  ),
  scored as (
    select
      session_key,
      customer_id,
      source,
      session_id,
      started_at,
      ended_at,
      event_time,
      duration_seconds,
      events,
      page_views,
      product_views,
      category_views,
      searches,
      cart_adds,
      wishlist_adds,
      checkouts,
      interactions,
      conversions,
      bounce_rate,
      device_class,
      channel_type,
      campaign_id,
      cast(
        least(
          least(duration_seconds / $engagement_seconds_per_point, $engagement_most_points_each)
          + least(page_views / $engagement_pages_per_point, $engagement_most_points_each)
          + least(interactions / $engagement_interactions_per_point, $engagement_most_points_each)
          + conversions * $engagement_points_per_conversion,
          $engagement_most_points
        ) as decimal(9, 2)
      ) as engagement_score,
      case
        when customer_id is not null
          then row_number() over (partition by customer_id order by started_at, session_key)
      end as session_number
    from timed
  )
select
  session_key,
  customer_id,
  source,
  session_id,
  started_at,
  ended_at,
  event_time,
  cast(started_at as date) as session_date,
  cast(quarter(started_at) as integer) as quarter,
  cast(month(started_at) as integer) as month,
  cast(isodow(started_at) as integer) as day_of_week,
  cast(hour(started_at) as integer) as hour,
  duration_seconds,
  events,
  page_views,
  product_views,
  cart_adds,
  wishlist_adds,
  searches,
  interactions,
  conversions,
  bounce_rate,
  session_number,
  device_class,
  channel_type,
  campaign_id,
  case
    when bounce_rate > $session_bounce_rate then 'bounce'
    when duration_seconds > $session_engaged_seconds
      and page_views > $session_engaged_pages then 'engaged'
    when duration_seconds > $session_active_seconds
      and page_views > $session_active_pages then 'active'
    when duration_seconds > $session_short_seconds then 'short'
    else 'quick'
  end as session_class,
  case
    when cart_adds > $intent_cart_adds then 'purchase_intent'
    when wishlist_adds > $intent_wishlist_adds then 'interest_intent'
    when product_views > $intent_product_views then 'browse_intent'
    when searches > $intent_searches then 'search_intent'
    else 'general_browse'
  end as intent,
  case
    when conversions > 0 or checkouts > 0 then 'conversion'
    when product_views > 0 or cart_adds > 0 then 'consideration'
    when searches > 0 or category_views > 0 then 'evaluation'
    when duration_seconds > $journey_awareness_seconds then 'awareness'
    else 'discovery'
  end as journey_stage,
  engagement_score,
  cast(coalesce(60 * page_views / nullif(duration_seconds, 0), 0) as decimal(18, 2))
    as pages_per_minute,
  cast(coalesce(conversions / nullif(page_views, 0), 0) as decimal(18, 4)) as conversion_rate,
  device_class = 'mobile' as is_mobile_user,
  engagement_score > $behaviour_high_engagement_score as is_high_engagement,
  conversions > 0 as is_converter,
  coalesce(session_number > 1, false) as is_returning_visitor
from scored
