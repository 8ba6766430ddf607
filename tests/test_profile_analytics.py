from dataclasses import replace
from datetime import timedelta

import pytest
from profile_tables import build, empty_context, given, rows, text

COLUMNS = (
    "customer_id varchar, segment varchar, churn_risk_score integer, order_count bigint,"
    " net_revenue_usd decimal(18, 2), days_since_last_order integer"
)


def profiles(context, lines):
    """Make these the rows of customer_360."""
    context.con.execute(f"create or replace table gold.customer_360 ({COLUMNS})").fetchall()
    given(context, "gold.customer_360", lines)


def build_again(context, run, lines):
    """Build the log of segments in a run of its own, a day after the one before."""
    profiles(context, lines)
    later = replace(context, run=run, as_of=context.as_of + timedelta(days=run))
    build(later, "gold.segment_change", "gold.segment_membership")
    return later


CHANGES = (
    "select run, customer_id, kind, from_segment, to_segment from gold.segment_change"
    " order by number"
)


@pytest.fixture
def log():
    """Return a log of two builds: ann moves and her risk rises, bob leaves, cat comes."""
    context = empty_context()
    build_again(
        context, 1, "customer_id segment churn_risk_score\nann champion 59\nbob new 10\ndan new 60"
    )
    build_again(
        context, 2, "customer_id segment churn_risk_score\nann at_risk 60\ncat new 90\ndan new 59"
    )
    return context


def test_the_first_build_knows_only_who_entered():
    context = empty_context()

    build_again(context, 1, "customer_id segment churn_risk_score\nbob new 90\nann champion 10")

    assert text(context, CHANGES) == ["1 ann entered - champion", "1 bob entered - new"]


def test_a_build_logs_who_entered_moved_and_left_and_whose_risk_crossed_the_line(log):
    assert text(log, CHANGES)[3:] == [
        "2 ann churn_risk_rose champion at_risk",
        "2 ann moved champion at_risk",
        "2 bob left new -",
        "2 cat entered - new",
        "2 dan churn_risk_fell new new",
    ]


def test_a_membership_knows_since_when_it_is(log):
    assert text(
        log,
        "select customer_id, segment, since_run, since::date, is_churn_risk"
        " from gold.segment_membership order by customer_id",
    ) == [
        "ann at_risk 2 2026-01-17 True",
        "cat new 2 2026-01-17 True",
        "dan new 1 2026-01-16 False",
    ]


def test_a_build_without_changes_adds_nothing_and_a_full_one_keeps_the_log(log):
    before = rows(log, "from gold.segment_change order by number")

    build(replace(log, run=3, is_full=True), "gold.segment_change")

    assert rows(log, "from gold.segment_change order by number") == before


def test_who_comes_back_has_entered_again(log):
    build_again(log, 3, "customer_id segment churn_risk_score\nbob champion 95")

    assert "3 bob entered - champion" in text(log, CHANGES)
    assert text(log, "select customer_id, since_run from gold.segment_membership order by all") == [
        "bob 3"
    ]


def test_fifths_of_recency_frequency_and_money():
    context = empty_context()
    profiles(
        context,
        """
        customer_id  order_count  net_revenue_usd  days_since_last_order
        a            1            10               400
        b            1            10               300
        c            2            30               200
        d            3            40               100
        e            9            50               1
        f            0            0                -
        """,
    )

    build(context, "gold.rfm")

    assert text(
        context,
        "select customer_id, recency_score, frequency_score, monetary_score, rfm_score,"
        " rfm_segment from gold.rfm order by customer_id",
    ) == [
        "a 1 1 1 3 asleep",
        "b 2 1 1 4 asleep",  # equal to a in orders and money, so equal in score
        "c 3 3 3 9 regular",
        "d 4 4 4 12 best",
        "e 5 5 5 15 best",
    ]


@pytest.mark.parametrize("count", [1, 4, 10, 13])
def test_the_best_of_five_and_more_have_five_and_the_worst_one(count):
    context = empty_context()
    lines = [f"c{number:02} {number} {number} {100 - number}" for number in range(1, count + 1)]
    profiles(
        context,
        "\n".join(["customer_id order_count net_revenue_usd days_since_last_order", *lines]),
    )

    build(context, "gold.rfm")

    scores = [score for (score,) in rows(context, "select recency_score from gold.rfm order by 1")]
    assert scores == sorted(1 + place * 5 // count for place in range(count))


def test_cohorts_are_told_by_the_month_of_the_first_purchase():
    context = empty_context()
    given(context, "identity.customer", "customer_id is_identified\nann true\nbob true\ncat true")
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time  status  amount_usd
        shop    1          ann          2025-10-01  paid    10.10
        shop    2          ann          2025-10-31  paid    10.20
        shop    3          ann          2025-12-01  paid    5
        shop    4          bob          2025-10-15  paid    7
        shop    5          cat          2025-12-31  paid    3
        shop    6          visitor      2025-12-31  paid    99
        """,
    )

    build(
        context,
        "silver.golden_attribute",
        "silver.customer_profile_base",
        "silver.paid_order",
        "gold.cohort_retention",
    )

    assert text(context, "from gold.cohort_retention order by all") == [
        "2025-10-01 0 2 2 1.0000 27.30",
        "2025-10-01 2 2 1 0.5000 5.00",
        "2025-12-01 0 1 1 1.0000 3.00",
    ]


@pytest.fixture
def campaigns():
    """Return a context with two planned campaigns, messages of a third, and orders after them."""
    context = empty_context()
    given(
        context,
        "silver.campaigns",
        """
        source  record_id  name    spent_usd  budget_usd
        crm     c1         Spring  10.00      20.00
        crm     c2         Winter  -          -
        web     c1         Other   99.00      99.00
        """,
    )
    given(
        context,
        "silver.campaign_events",
        """
        source  record_id  customer_id  campaign_id  event_time           action   minutes_to_open
        mail    1          ann          c1           2026-01-01T00:00:00  CLICKED  60
        mail    2          ann          c3           2026-01-05T00:00:00  OPENED   -
        mail    3          bob          c1           2026-01-01T00:00:00  DELIVERED -
        mail    4          cat          -            2026-01-01T00:00:00  OPENED   -
        """,
    )
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time           status  amount_usd
        shop    1          ann          2026-01-01T00:59:00  paid    1
        shop    2          ann          2026-01-01T01:00:00  paid    20
        shop    3          ann          2026-01-06T00:00:00  paid    30
        shop    4          ann          2026-01-12T00:00:01  paid    40
        shop    5          bob          2026-01-02T00:00:00  paid    50
        """,
    )
    given(context, "silver.returns", "source record_id order_id amount_usd\nshop r 2 5")
    build(
        context,
        "silver.paid_order",
        "silver.message",
        "silver.attributed_order",
        "silver.web_visit",
        "silver.customer_session",
        "gold.campaign_performance",
    )
    return context


def test_an_order_is_due_to_the_last_message_that_was_opened_before_it(campaigns):
    assert text(
        campaigns,
        "select record_id, campaign_id, touched_at from silver.attributed_order order by all",
    ) == ["2 c1 2026-01-01 01:00:00", "3 c3 2026-01-05 00:00:00"]


def test_a_campaign_is_told_whether_it_is_planned_or_only_sent(campaigns):
    assert text(
        campaigns,
        "select campaign_id, name, messages, delivered, opened, clicked, open_rate,"
        " attributed_orders, attributed_revenue_usd, attributed_returned_usd, spent_usd, roi"
        " from gold.campaign_performance order by campaign_id",
    ) == [
        "c1 Spring 2 2 1 1 0.5000 1 20.00 5.00 10.00 0.5000",
        "c2 Winter 0 0 0 0 - 0 0.00 0.00 - -",
        "c3 - 1 1 1 0 1.0000 1 30.00 0.00 - -",
        "unknown - 1 1 1 0 1.0000 0 0.00 0.00 - -",
    ]
