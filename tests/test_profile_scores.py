import re
from decimal import Decimal

import pytest
from hypothesis import given as for_all
from hypothesis import settings as at_most
from hypothesis import strategies as st
from profile_tables import build, empty_context, rows, text
from thorough import examples

from c360.step import Context

SCORES = ("gold.score_reason", "gold.customer_360")
METRIC = {
    "order_count": 1,
    "net_revenue_usd": Decimal(0),
    "days_since_first_order": 46,
    "days_since_last_order": 46,
    "click_events": 4,
    "support_tickets": 0,
    "open_complaints": 0,
    "open_rate": None,
}
"""What every case has unless it says otherwise: 15 points of value, no churn risk."""


def score(context: Context, customer_id: str = "ann", **metric: object) -> None:
    """Score a customer who has this metric."""
    con, given = context.con, METRIC | metric
    con.execute("insert into silver.customer_profile_base (customer_id) values (?)", [customer_id])
    con.execute(
        f"insert into silver.customer_metric (customer_id, {', '.join(given)})"
        f" values (?, {', '.join('?' for _ in given)})",
        [customer_id, *given.values()],
    ).fetchall()


@pytest.fixture(scope="module")
def built():
    """Every table once, empty: the tests of this module score the customers that they add."""
    context = empty_context()
    build(context)
    yield context
    context.con.close()


@pytest.fixture
def context(built):
    return emptied(built)


def emptied(context: Context) -> Context:
    for table in ("silver.customer_profile_base", "silver.customer_metric"):
        context.con.execute(f"delete from {table}").fetchall()
    return context


@pytest.mark.parametrize(
    ("metric", "reasons"),
    [
        ({"days_since_last_order": 30}, "ordered_recently +30"),
        ({"days_since_last_order": 31}, "ordered_a_while_ago +15"),
        ({"days_since_last_order": 90}, "ordered_a_while_ago +15"),
        ({"days_since_last_order": 91}, ""),
        ({"days_since_last_order": None, "order_count": 0}, ""),
        ({"days_since_last_order": 91, "order_count": 2}, "repeat +15"),
        ({"days_since_last_order": 91, "order_count": 4}, "repeat +15"),
        ({"days_since_last_order": 91, "order_count": 5}, "frequent +30"),
        ({"days_since_last_order": 91, "net_revenue_usd": Decimal("149.99")}, ""),
        ({"days_since_last_order": 91, "net_revenue_usd": Decimal(150)}, "medium_spend +20"),
        ({"days_since_last_order": 91, "net_revenue_usd": Decimal("399.99")}, "medium_spend +20"),
        ({"days_since_last_order": 91, "net_revenue_usd": Decimal(400)}, "high_spend +40"),
        (
            {"days_since_last_order": 0, "order_count": 9, "net_revenue_usd": Decimal(900)},
            "ordered_recently +30, frequent +30, high_spend +40",
        ),
    ],
)
def test_value_comes_from_recency_frequency_and_money(context, metric, reasons):
    score(context, **metric)

    build(context, *SCORES)

    assert rows(context, "select value_reasons from gold.customer_360") == [(reasons,)]


@pytest.mark.parametrize(
    ("metric", "reasons"),
    [
        ({"days_since_last_order": 60}, ""),
        ({"days_since_last_order": 61}, "late +20"),
        ({"days_since_last_order": 120}, "late +20"),
        ({"days_since_last_order": 121}, "lapsed +40"),
        ({"days_since_last_order": None, "order_count": 0}, "never_ordered +40"),
        ({"click_events": 4}, ""),
        ({"click_events": 3}, "few_clicks +10"),
        ({"click_events": 1}, "few_clicks +10"),
        ({"click_events": 0}, "no_clicks +25"),
        ({"support_tickets": 1}, "some_tickets +5"),
        ({"support_tickets": 2}, "many_tickets +15"),
        ({"open_complaints": 1}, "open_complaint +10"),
        ({"open_complaints": 5}, "open_complaint +10"),
        ({"open_rate": Decimal("0.1999")}, "low_open_rate +10"),
        ({"open_rate": Decimal("0.2000")}, ""),
        ({"open_rate": None}, ""),  # nothing was delivered: nothing was ignored
        (
            {
                "days_since_last_order": 999,
                "click_events": 0,
                "support_tickets": 9,
                "open_complaints": 1,
                "open_rate": Decimal(0),
            },
            "lapsed +40, no_clicks +25, many_tickets +15, open_complaint +10, low_open_rate +10",
        ),
    ],
)
def test_churn_risk_comes_from_lapse_interest_service_and_mail(context, metric, reasons):
    score(context, **metric)

    build(context, *SCORES)

    assert rows(context, "select churn_reasons from gold.customer_360") == [(reasons,)]


def test_the_thresholds_are_settings():
    context = empty_context(value_recent_days=2, churn_few_clicks=9, value_high_usd=5)
    build(context)
    score(context, days_since_last_order=3, click_events=9, net_revenue_usd=Decimal(5))

    build(context, *SCORES)

    assert text(context, "select value_reasons, churn_reasons from gold.customer_360") == [
        "ordered_a_while_ago +15, high_spend +40 few_clicks +10"
    ]


def points(context: Context, value: int, churn: int) -> None:
    """Give `ann` these scores, each for one reason."""
    context.con.execute(
        "create or replace table gold.score_reason as"
        " select * from (values ('ann', 'value', 'recency', 'some', $value),"
        " ('ann', 'churn', 'lapse', 'some', $churn))"
        " as reason (customer_id, score, rule, reason, points)",
        {"value": value, "churn": churn},
    ).fetchall()


@pytest.mark.parametrize(
    ("value", "churn", "metric", "segment"),
    [
        (100, 59, {}, "champion"),
        (70, 59, {}, "champion"),
        (69, 59, {}, "loyal"),
        (45, 59, {}, "loyal"),
        (44, 59, {}, "occasional"),
        (70, 60, {}, "at_risk"),
        (45, 60, {}, "at_risk"),
        (44, 60, {}, "occasional"),
        (44, 0, {"days_since_first_order": 45}, "new"),
        (44, 0, {"days_since_first_order": 46}, "occasional"),
        (45, 0, {"days_since_first_order": 45}, "loyal"),
        (0, 65, {"order_count": 0, "days_since_first_order": None}, "prospect"),
    ],
)
def test_a_customer_belongs_to_the_first_segment_that_fits(context, value, churn, metric, segment):
    score(context, **metric)
    points(context, value, churn)

    build(context, "gold.customer_360")

    assert text(context, "select segment from gold.customer_360") == [segment]


@pytest.mark.parametrize(
    ("value", "churn", "priority"),
    [
        (60, 60, "urgent"),
        (59, 60, "high"),
        (60, 59, "medium"),
        (0, 35, "medium"),
        (100, 34, "low"),
    ],
)
def test_the_priority_of_retention_is_the_first_that_fits(context, value, churn, priority):
    score(context)
    points(context, value, churn)

    build(context, "gold.customer_360")

    assert text(context, "select retention_priority from gold.customer_360") == [priority]


def test_a_customer_without_any_reason_scores_nothing(context):
    score(context, days_since_last_order=100, days_since_first_order=100)
    context.con.execute("update silver.customer_metric set days_since_last_order = null").fetchall()

    build(context, *SCORES)

    assert text(
        context,
        "select customer_value_score, value_reasons, churn_risk_score, churn_reasons, segment,"
        " retention_priority from gold.customer_360",
    ) == ["0  0  occasional low"]


metrics = st.fixed_dictionaries(
    {
        "order_count": st.integers(0, 6),
        "net_revenue_usd": st.decimals(-50, 500, places=2),
        "days_since_last_order": st.none() | st.integers(0, 130),
        "click_events": st.integers(0, 5),
        "support_tickets": st.integers(0, 3),
        "open_complaints": st.integers(0, 2),
        "open_rate": st.none() | st.decimals(0, 1, places=4),
    }
)


@at_most(max_examples=examples(6), deadline=None)
@for_all(customers=st.lists(metrics, min_size=1, max_size=20))
def test_the_reasons_add_up_to_the_scores_which_lie_between_0_and_100(built, customers):
    context = emptied(built)
    for number, metric in enumerate(customers):
        score(context, f"c{number}", **metric)

    build(context, *SCORES)

    profiles = rows(
        context,
        "select customer_value_score, value_reasons, churn_risk_score, churn_reasons"
        " from gold.customer_360",
    )
    assert len(profiles) == len(customers)
    for value, value_reasons, churn, churn_reasons in profiles:
        for sum_, reasons in ((value, value_reasons), (churn, churn_reasons)):
            assert sum_ == sum(int(each) for each in re.findall(r"\+(\d+)", reasons))
            assert 0 <= sum_ <= 100
    assert (
        rows(
            context,
            "select rule from gold.score_reason group by customer_id, rule having count(*) > 1",
        )
        == []
    )


@pytest.mark.parametrize(
    ("at", "days"),
    [
        ("2026-01-15 12:00:00", 0),
        ("2026-01-14 12:00:01", 0),  # yesterday by the calendar, not yet a day ago
        ("2026-01-14 12:00:00", 1),
        ("2025-12-16 12:00:00", 30),
        ("2025-12-16 12:00:00.000001", 29),
    ],
)
def test_days_are_whole_days_of_24_hours_before_the_moment_of_the_build(context, at, days):
    con = context.con
    con.execute("insert into silver.customer_profile_base (customer_id) values ('ann')").fetchall()
    con.execute("delete from silver.customer_order").fetchall()
    con.execute("delete from silver.customer_behaviour").fetchall()
    con.execute(
        "insert into silver.customer_order (customer_id, first_order_at, last_order_at)"
        " values ('ann', $at, $at)",
        {"at": at},
    ).fetchall()
    con.execute(
        "insert into silver.customer_behaviour (customer_id, last_session_at) values ('ann', $at)",
        {"at": at},
    ).fetchall()

    build(context, "silver.customer_metric")

    assert rows(
        context,
        "select days_since_first_order, days_since_last_order, behavioural_recency_days"
        " from silver.customer_metric",
    ) == [(days, days, days)]
