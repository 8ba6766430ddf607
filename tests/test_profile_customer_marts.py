from profile_tables import build, empty_context, given, people, text

BASE = ("silver.golden_attribute", "silver.customer_profile_base")


def test_what_became_of_a_message_is_told_by_flags_or_by_its_last_action():
    context = empty_context()
    given(
        context,
        "silver.campaign_events",
        """
        record_id  is_delivered  is_opened  action        status   conversion  minutes_to_open
        1          true          true       -             -        NONE        5
        2          -             -          CLICKED       SUCCESS  PURCHASE    7
        3          -             -          UNSUBSCRIBED  -        -           -
        4          -             -          DELIVERED     BOUNCED  -           -
        5          false         true       -             -        -           9
        6          -             -          SENT          -        no          -
        """,
    )

    build(context, "silver.message")

    assert text(
        context,
        "select record_id, is_delivered, is_opened, is_clicked, is_unsubscribed, is_bounced,"
        " is_converted, minutes_to_open from silver.message order by record_id",
    ) == [
        "1 True True False False False False 5",
        "2 True True True False False True 7",
        "3 True False False True False False -",
        "4 False False False False True False -",
        "5 False False False False False False -",
        "6 False False False False False False -",
    ]


def test_engagement_by_eye():
    context = people("ann", "bob")
    given(
        context,
        "silver.campaign_events",
        """
        customer_id  event_time  channel  action        status   minutes_to_open
        ann          2026-01-01  Email    OPENED        SUCCESS  10
        ann          2026-01-02  email    CLICKED       SUCCESS  5
        ann          2026-01-03  sms      DELIVERED     SUCCESS  -
        ann          2026-01-04  email    UNSUBSCRIBED  SUCCESS  -
        ann          2026-01-05  letter   SENT          BOUNCED  -
        visitor      2026-01-05  push     SENT          SUCCESS  -
        """,
    )

    build(context, *BASE, "silver.message", "silver.customer_campaign", "gold.engagement")

    assert text(
        context,
        "select customer_id, messages, delivered_messages, opened_messages, clicked_messages,"
        " unsubscribed_messages, bounced_messages, open_rate, click_rate, avg_minutes_to_open"
        " from gold.engagement",
    ) == ["ann 5 4 2 1 1 1 0.5000 0.2500 7.50"]
    assert text(
        context,
        "select email_share, sms_share, push_share, other_share, last_message_at::date,"
        " last_engaged_at::date from gold.engagement",
    ) == ["0.6000 0.2000 0.0000 0.2000 2026-01-05 2026-01-02"]


def test_service_by_eye():
    context = people("ann", "bob")
    given(
        context,
        "silver.tickets",
        """
        event_time  status  resolved_at          first_response_minutes  resolution_minutes  csat
        2026-01-01  CLOSED  2026-01-01T03:00:00  10                      -                   4
        2026-01-02  closed  2026-01-02T09:00:00  20                      60                  5
        2026-01-03  open    -                    -                       -                   -
        2025-01-03  open    -                    -                       -                   -
        """,
    )
    context.con.execute("update silver.tickets set customer_id = 'ann'").fetchall()
    given(
        context,
        "silver.ticket_interactions",
        """
        customer_id  event_time  sentiment  escalation_level  is_follow_up_required
        ann          2026-01-04  -0.5       1                 true
        ann          2026-01-05  0.2        0                 false
        bob          2026-01-06  -          -                 -
        """,
    )

    build(context, *BASE, "silver.customer_service", "gold.service")

    assert text(
        context,
        "select customer_id, tickets, support_tickets_120d, open_tickets, oldest_open_at::date,"
        " avg_first_response_minutes, avg_resolution_hours, avg_csat from gold.service"
        " order by customer_id",
    ) == ["ann 4 3 2 2025-01-03 15.00 2.00 4.50", "bob 0 0 0 - - - -"]
    assert text(
        context,
        "select customer_id, interactions, escalations, follow_ups, avg_sentiment,"
        " last_contact_at::date from gold.service order by customer_id",
    ) == ["ann 2 1 1 -0.150 2026-01-05", "bob 1 0 0 - 2026-01-06"]


def test_a_ticket_resolved_after_the_moment_of_the_build_is_still_open():
    context = people("ann")
    given(
        context,
        "silver.tickets",
        """
        customer_id  event_time  status       resolved_at  resolution_minutes
        ann          2026-01-14  in_progress  2026-01-16   2880
        """,
    )

    build(context, *BASE, "silver.customer_service", "gold.service")

    assert text(context, "select open_tickets, avg_resolution_hours from gold.service") == ["1 -"]


def test_what_people_say_they_prefer_counts_before_what_is_seen_or_inferred():
    context = people("ann")
    given(
        context,
        "silver.preferences",
        """
        source  record_id  customer_id  type      value  strength  origin    status      event_time
        app     1          ann          BRAND     Acme   0.9       INFERRED  ACTIVE      2026-01-03
        app     2          ann          brand     acme   0.5       explicit  -           2026-01-01
        app     3          ann          brand     acme   0.4       implicit  active      2026-01-02
        app     4          ann          category  shoes  0.3       implicit  active      2026-01-02
        app     5          ann          category  shoes  0.8       implicit  active      2026-01-03
        app     6          ann          category  toys   0.7       inferred  active      2026-01-03
        app     7          ann          category  toys   -         explicit  inactive    2026-01-01
        app     8          ann          product   p1     0.6       explicit  overridden  2026-01-01
        app     9          visitor      product   p1     0.6       explicit  active      2026-01-01
        """,
    )

    build(context, *BASE, "gold.preferences")

    assert text(
        context,
        "select customer_id, type, value, origin, strength from gold.preferences order by all",
    ) == ["ann brand acme explicit 0.500", "ann category shoes implicit 0.800"]


def test_points_are_held_against_what_the_orders_explain():
    context = people("ann", "bob", "cat", "dan")
    given(
        context,
        "silver.customers",
        """
        source  record_id  customer_id  event_time  loyalty_points
        crm     1          ann          2026-01-01  999
        crm     2          bob          2026-01-01  10
        crm     3          bob          2026-01-02  20
        """,
    )
    given(
        context,
        "silver.loyalty_accounts",
        """
        source  record_id  customer_id  points  status  tier  joined_at
        card    1          ann          30      ACTIVE  gold  2025-01-01
        card    2          ann          5       closed  -     2024-01-01
        """,
    )
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time  status  points_earned  points_redeemed
        shop    1          ann          2026-01-01  paid    50             -
        shop    2          ann          2026-01-02  paid    -              15
        shop    3          cat          2026-01-02  paid    7              -
        shop    4          dan          2026-01-02  paid    -              -
        """,
    )

    build(context)

    assert text(
        context,
        "select customer_id, tier, accounts, active_accounts, joined_at::date, points_earned,"
        " points_redeemed, points_balance, points_difference, burn_rate from gold.loyalty"
        " order by customer_id",
    ) == [
        "ann gold 2 1 2024-01-01 50 15 35 0 0.3000",
        "bob - 0 0 - 0 0 20 20 -",
        "cat - 0 0 - 7 0 - - 0.0000",
    ]


def test_payment_mix_by_eye():
    context = people("ann")
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time  status  amount_usd  payment_method
        shop    1          ann          2026-01-01  paid    10.10       CARD
        shop    2          ann          2026-01-02  paid    19.90       card
        shop    3          ann          2026-01-03  paid    10.00       -
        shop    4          visitor      2026-01-03  paid    10.00       cash
        """,
    )

    build(context)

    assert text(context, "from gold.payment_mix order by all") == [
        "ann card 2 30.00 0.7500",
        "ann unknown 1 10.00 0.2500",
    ]
