-- One row per visit that events tell of, those of machines included.
-- The session_id of a source is believed, but longer idle than gap_minutes ends a visit, and one that
-- is longer than longest_hours is cut; part counts what it was cut into. Events without a session_id are
-- parted alike: those of a customer, those of nobody by their source.
-- channel_type is that of the page that led to the first event; null where there was none.
-- bot_reason: why the visit is no person's.
-- Grain: (session_key).
with
  type_word as (
    select 'page_view' as kind, unnest($event_types_page_views) as word
    union all
    select 'product_view', unnest($event_types_product_views)
    union all
    select 'category_view', unnest($event_types_category_views)
    union all
    select 'search', unnest($event_types_searches)
    union all
    select 'cart_add', unnest($event_types_cart_adds)
    union all
    select 'wishlist_add', unnest($event_types_wishlist_adds)
    union all
    select 'checkout', unnest($event_types_checkouts)
    union all
    select 'purchase', unnest($event_types_purchases)
    union all
    select 'interaction', unnest($event_types_interactions)
  ),
  type_kind as (
    select
      event_type,
      bool_or(kind = 'page_view') as is_page_view,
      bool_or(kind = 'product_view') as is_product_view,
      bool_or(kind = 'category_view') as is_category_view,
      bool_or(kind = 'search') as is_search,
      bool_or(kind = 'cart_add') as is_cart_add,
      bool_or(kind = 'wishlist_add') as is_wishlist_add,
      bool_or(kind = 'checkout') as is_checkout,
      bool_or(kind = 'purchase') as is_purchase,
      bool_or(kind = 'interaction') as is_interaction
    from (select distinct event_type from silver.web_events) as type
    join type_word
      on regexp_replace(lower(word), '[^a-z0-9]', '', 'g')
      = regexp_replace(lower(event_type), '[^a-z0-9]', '', 'g')
    group by event_type
  ),
  device_word as (
    select 1 as class, lower(unnest($device_tablet_words)) as word
    union all
    select 2, lower(unnest($device_mobile_words))
    union all
    select 3, lower(unnest($device_desktop_words))
  ),
  bot_word as (
    select lower(unnest($session_bot_words)) as word
  ),
  person_word as (
    select string_agg(word, '|' order by word) as words
    from (select lower(unnest($session_person_words)) as word) as each_word
  ),
  told_device as (
    select
      device_type,
      user_agent,
      browser,
      operating_system,
      lower(coalesce(device_type, '')) as type_text,
      lower(concat_ws(' ', user_agent, operating_system)) as agent_text,
      regexp_replace(
        lower(concat_ws(' ', device_type, user_agent, browser)),
        coalesce(person_word.words, '^$'),
        '',
        'g'
      ) as bot_text
    from (
      select distinct device_type, user_agent, browser, operating_system
      from silver.web_events
    ) as device
    cross join person_word
  ),
  device_class as (
    select
      device_type,
      user_agent,
      browser,
      operating_system,
      coalesce(
        min(class) filter (where contains(type_text, word)),
        min(class) filter (where contains(agent_text, word)),
        4
      ) as class,
      exists (select 1 from bot_word where contains(bot_text, bot_word.word)) as is_bot
    from told_device
    left join device_word on true
    group by device_type, user_agent, browser, operating_system, bot_text
  ),
  referrer_word as (
    select 1 as class, lower(unnest($referrer_search_words)) as word
    union all
    select 2, lower(unnest($referrer_social_words))
    union all
    select 3, lower(unnest($referrer_email_words))
    union all
    select 4, lower(unnest($referrer_direct_words))
  ),
  referrer_class as (
    select referrer, coalesce(min(class), 5) as class
    from (select distinct referrer from silver.web_events where trim(referrer) <> '') as page
    left join referrer_word on contains(lower(referrer), word)
    group by referrer
  ),
  long_visit as (
    select
      customer_id,
      session_id,
      case when customer_id is null and session_id is null then source end as nobody
    from silver.web_events
    group by
      customer_id,
      session_id,
      case when customer_id is null and session_id is null then source end
    having date_diff('microsecond', min(event_time), max(event_time))
      > cast($session_gap_minutes as bigint) * 60000000
  ),
  moment as (
    select distinct event.customer_id, event.session_id, long_visit.nobody, event.event_time
    from silver.web_events as event
    join long_visit
      on long_visit.customer_id is not distinct from event.customer_id
      and long_visit.session_id is not distinct from event.session_id
      and coalesce(long_visit.nobody, event.source) = event.source
  ),
  begun as (
    select
      customer_id,
      session_id,
      nobody,
      event_time,
      case
        when date_diff('microsecond', lag(event_time) over visit, event_time)
          <= cast($session_gap_minutes as bigint) * 60000000 then 0
        else 1
      end as is_new
    from moment
    window visit as (partition by customer_id, session_id, nobody order by event_time)
  ),
  numbered as (
    select
      customer_id,
      session_id,
      nobody,
      event_time,
      sum(is_new) over (
        partition by customer_id, session_id, nobody
        order by event_time
        rows between unbounded preceding and current row
      ) as run
    from begun
  ),
  measured as (
    select
      customer_id,
      session_id,
      nobody,
      event_time,
      run,
      greatest(
        date_diff(
          'microsecond',
          min(event_time) over (partition by customer_id, session_id, nobody, run),
          event_time
        ) - 1,
        0
      ) // ($session_longest_hours * 3600000000) as piece
    from numbered
  ),
  part as (
    select
      customer_id,
      session_id,
      nobody,
      min(event_time) as started_at,
      max(event_time) as ended_at,
      row_number() over (
        partition by customer_id, session_id, nobody
        order by min(event_time)
      ) as part
    from measured
    group by customer_id, session_id, nobody, run, piece
  ),
  total as (
    select
      event.customer_id,
      event.session_id,
      case when event.customer_id is null and event.session_id is null then event.source end as nobody,
      coalesce(part.part, 1) as part,
      min(event.source) as source,
      min(event.event_time) as started_at,
      max(event.event_time) as ended_at,
      cast(
        date_diff('microsecond', min(event.event_time), max(event.event_time)) // 1000000 as integer
      ) as duration_seconds,
      count(*) as events,
      count(*) filter (where kind.is_page_view) as page_views,
      count(*) filter (where kind.is_product_view) as product_views,
      count(*) filter (where kind.is_category_view) as category_views,
      count(*) filter (where kind.is_search) as searches,
      count(*) filter (where kind.is_cart_add) as cart_adds,
      count(*) filter (where kind.is_wishlist_add) as wishlist_adds,
      count(*) filter (where kind.is_checkout) as checkouts,
      count(*) filter (where kind.is_purchase) as purchases,
      count(*) filter (where kind.is_interaction) as interactions,
      min(device_class.class) as device_class,
      bool_or(device_class.is_bot) as is_bot,
      -- Of events at the first moment, one that names a page tells more than one that names none.
      arg_min(
        coalesce(referrer_class.class, 9),
        (event.event_time, coalesce(referrer_class.class, 9))
      ) as referrer_class
    from silver.web_events as event
    left join part
      on part.customer_id is not distinct from event.customer_id
      and part.session_id is not distinct from event.session_id
      and coalesce(part.nobody, event.source) = event.source
      and event.event_time between part.started_at and part.ended_at
    left join type_kind as kind using (event_type)
    left join device_class
      on device_class.device_type is not distinct from event.device_type
      and device_class.user_agent is not distinct from event.user_agent
      and device_class.browser is not distinct from event.browser
      and device_class.operating_system is not distinct from event.operating_system
    left join referrer_class using (referrer)
    group by
      event.customer_id,
      event.session_id,
      case when event.customer_id is null and event.session_id is null then event.source end,
      coalesce(part.part, 1)
  )
select
  case
    when session_id is not null then coalesce(customer_id, '') || '/' || session_id || '/' || part
    else coalesce(customer_id, '') || '@' || coalesce(nobody, '') || '@' || started_at
  end as session_key,
  customer_id,
  source,
  session_id,
  part,
  started_at,
  ended_at,
  duration_seconds,
  events,
  page_views,
  product_views,
  category_views,
  searches,
  cart_adds,
  wishlist_adds,
  checkouts,
  purchases,
  interactions,
  case device_class when 1 then 'tablet' when 2 then 'mobile' when 3 then 'desktop' else 'unknown' end
    as device_class,
  case referrer_class
    when 1 then 'search'
    when 2 then 'social'
    when 3 then 'email'
    when 4 then 'direct'
    when 5 then 'other'
  end as channel_type,
  case
    when is_bot then 'agent'
    when nobody is null
      and events > $session_bot_events
      and events * 60 > cast($session_bot_events_per_minute as bigint) * duration_seconds then 'rate'
  end as bot_reason
from total
