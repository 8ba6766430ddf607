-- One row per paid order: how it is classed, and what its customer was when it was made.
-- What is told of the customer follows from their earlier purchases alone; orders of the same moment
-- stand in the order of source and record_id. Orders of nobody have no earlier ones.
-- category_affinity: the share of the categories bought before that are bought again.
-- is_home_store: the store is the one with the most visits before; of equals the one visited last.
-- Quarter, month, day_of_week (1: Monday) and hour are UTC.
-- Grain: (source, record_id).
with
  channel_word as (
    select 1 as place, 'online' as class, lower(unnest($channel_online_words)) as word
    union all
    select 2, 'mobile', lower(unnest($channel_mobile_words))
    union all
    select 3, 'in_store', lower(unnest($channel_in_store_words))
    union all
    select 5, 'phone', lower(unnest($channel_phone_words))
  ),
  channel as (
    select distinct channel
    from silver.orders
    where channel is not null
  ),
  channel_class as (
    select
      channel.channel,
      coalesce(min(word.place), 6) as place,
      coalesce(arg_min(word.class, word.place), 'other') as class
    from channel
    left join channel_word as word on contains(lower(channel.channel), word.word)
    group by channel.channel
  ),
  purchase as (
    select
      paid.source,
      paid.record_id,
      paid.customer_id,
      orders.store_id,
      row_number() over earlier as position,
      lag(paid.event_time) over earlier as past_at,
      cast(sum(paid.revenue_usd) over earlier - paid.revenue_usd as decimal(18, 2)) as past_usd,
      paid.event_time
    from silver.paid_order as paid
    join silver.orders as orders using (source, record_id)
    where paid.customer_id is not null
    window earlier as (
      partition by paid.customer_id
      order by paid.event_time, paid.source, paid.record_id
      rows between unbounded preceding and current row
    )
  ),
  bought as (
    select distinct purchase.customer_id, purchase.position, line.category
    from silver.order_line as line
    join purchase
      on purchase.source = line.order_source
      and purchase.record_id = line.order_id
    where line.category is not null
  ),
  novelty as (
    select customer_id, category, min(position) as position
    from bought
    group by customer_id, category
  ),
  basket as (
    select
      customer_id,
      position,
      count(*) as categories,
      count(novelty.category) as new_categories
    from bought
    left join novelty using (customer_id, position, category)
    group by customer_id, position
  ),
  affinity as (
    select
      customer_id,
      position,
      categories - new_categories as known_categories,
      sum(new_categories) over (
        partition by customer_id
        order by position
        rows between unbounded preceding and 1 preceding
      ) as past_categories
    from basket
  ),
  visit as (
    select
      customer_id,
      position,
      row_number() over in_the_store as visits,
      lag(position) over in_the_store as past_visit
    from purchase
    where store_id is not null
    window in_the_store as (partition by customer_id, store_id order by position)
  ),
  -- The home store is that of the visit with the highest number, which it was the visit of its store.
  home as (
    select
      customer_id,
      position,
      past_visit,
      max(visits * 10000000000 + position) over (
        partition by customer_id
        order by position
        rows between unbounded preceding and 1 preceding
      ) % 10000000000 as home_visit
    from visit
  ),
  history as (
    select
      purchase.source,
      purchase.record_id,
      purchase.position,
      purchase.past_usd,
      date_diff('microsecond', purchase.past_at, purchase.event_time) // 86400000000 as past_days,
      cast(affinity.known_categories / affinity.past_categories as decimal(4, 3)) as affinity,
      home.past_visit = home.home_visit as is_home_store
    from purchase
    left join affinity using (customer_id, position)
    left join home using (customer_id, position)
  )
select
  source,
  record_id,
  paid.customer_id,
  paid.event_time,
  cast(paid.event_time as date) as transaction_date,
  cast(quarter(paid.event_time) as integer) as quarter,
  cast(month(paid.event_time) as integer) as month,
  cast(isodow(paid.event_time) as integer) as day_of_week,
  cast(hour(paid.event_time) as integer) as hour,
  case
    when channel_class.place < 4 then channel_class.class
    when orders.store_id is not null then 'in_store'
    else coalesce(channel_class.class, 'unknown')
  end as channel_class,
  orders.store_id,
  orders.payment_method,
  orders.card_type,
  orders.currency,
  paid.revenue_usd as amount_usd,
  paid.returned_usd,
  orders.discount_usd,
  case
    when not paid.is_priced then 'unknown'
    when paid.revenue_usd > $transaction_high_value_usd then 'high_value'
    when paid.revenue_usd > $transaction_medium_value_usd then 'medium_value'
    else 'low_value'
  end as value_class,
  case
    when paid.revenue_usd > $basket_large_usd then 'large'
    when paid.revenue_usd > $basket_medium_usd then 'medium'
    else 'small'
  end as basket_size,
  coalesce(history.affinity, 0) as category_affinity,
  coalesce(history.position = 1, false) as is_first_purchase,
  coalesce(history.past_days <= $transaction_recent_customer_days, false) as is_recent_customer,
  coalesce(
    cast(
      history.past_usd
      * case
        when history.past_days <= $clv_recent_days then cast($clv_recent_factor as decimal(5, 3))
        when history.past_days <= $clv_warm_days then cast($clv_warm_factor as decimal(5, 3))
        when history.past_days <= $clv_cool_days then cast($clv_cool_factor as decimal(5, 3))
        else cast($clv_cold_factor as decimal(5, 3))
      end
      * case
        when history.position - 1 > $clv_frequent_orders
          then cast($clv_frequent_factor as decimal(5, 3))
        when history.position - 1 > $clv_regular_orders
          then cast($clv_regular_factor as decimal(5, 3))
        when history.position - 1 > $clv_repeat_orders then cast($clv_repeat_factor as decimal(5, 3))
        else cast($clv_rare_factor as decimal(5, 3))
      end
      as decimal(18, 2)
    ) > $transaction_high_value_customer_usd,
    false
  ) as is_high_value_customer,
  coalesce(history.position - 1 > $transaction_frequent_customer_orders, false)
    as is_frequent_customer,
  coalesce(history.is_home_store, false) as is_home_store,
  orders.points_earned,
  orders.points_redeemed,
  orders.promotion_code,
  orders.coupon_code
from silver.paid_order as paid
join silver.orders as orders using (source, record_id)
left join channel_class using (channel)
left join history using (source, record_id)
