-- One row per reason that gives an identified customer points; a score is their sum, 0 to 100.
-- The thresholds are settings (`rules` in c360.yaml); the points are here.
-- A rule gives at most one reason.
-- Grain: (customer_id, rule).
with
  worth (score, rule, reason, points) as (
    values
      ('value', 'recency', 'ordered_recently', 30),
      ('value', 'recency', 'ordered_a_while_ago', 15),
      ('value', 'frequency', 'frequent', 30),
      ('value', 'frequency', 'repeat', 15),
      ('value', 'spend', 'high_spend', 40),
      ('value', 'spend', 'medium_spend', 20),
      ('churn', 'lapse', 'never_ordered', 40),
      ('churn', 'lapse', 'lapsed', 40),
      ('churn', 'lapse', 'late', 20),
      ('churn', 'interest', 'no_clicks', 25),
      ('churn', 'interest', 'few_clicks', 10),
      ('churn', 'service', 'many_tickets', 15),
      ('churn', 'service', 'some_tickets', 5),
      ('churn', 'complaint', 'open_complaint', 10),
      ('churn', 'mail', 'low_open_rate', 10)
  ),
  given as (
    select
      customer_id,
      case
        when days_since_last_order <= $value_recent_days then 'ordered_recently'
        when days_since_last_order <= $value_fading_days then 'ordered_a_while_ago'
      end as reason
    from silver.customer_metric

    union all

    select
      customer_id,
      case
        when order_count >= $value_frequent_orders then 'frequent'
        when order_count >= $value_repeat_orders then 'repeat'
      end
    from silver.customer_metric

    union all

    select
      customer_id,
      case
        when net_revenue_usd >= $value_high_usd then 'high_spend'
        when net_revenue_usd >= $value_medium_usd then 'medium_spend'
      end
    from silver.customer_metric

    union all

    select
      customer_id,
      case
        when order_count = 0 then 'never_ordered'
        when days_since_last_order > $churn_lapsed_days then 'lapsed'
        when days_since_last_order > $churn_late_days then 'late'
      end
    from silver.customer_metric

    union all

    select
      customer_id,
      case
        when click_events = 0 then 'no_clicks'
        when click_events <= $churn_few_clicks then 'few_clicks'
      end
    from silver.customer_metric

    union all

    select
      customer_id,
      case
        when support_tickets >= $churn_many_tickets then 'many_tickets'
        when support_tickets >= 1 then 'some_tickets'
      end
    from silver.customer_metric

    union all

    select customer_id, case when open_complaints >= 1 then 'open_complaint' end
    from silver.customer_metric

    union all

    select customer_id, case when open_rate < $churn_low_open_rate then 'low_open_rate' end
    from silver.customer_metric
  )
select given.customer_id, worth.score, worth.rule, reason, worth.points
from given
join worth using (reason)
