from decimal import Decimal
from pathlib import Path

import pytest
from mart_shop import mart_shop
from profile_tables import build, empty_context, given, rows, text

from c360.profile.contracts import contracts
from c360.profile.model import Model
from c360.profile.models import MODELS
from c360.profile.windows import window_names
from c360.rules import Rules
from c360.steps import STEPS

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def shop():
    context = mart_shop()
    yield context
    context.con.close()


def test_every_sql_file_is_a_step_and_every_model_has_one():
    folder = ROOT / "profile" / "sql"
    files = [path.relative_to(folder) for path in folder.rglob("*.sql")]
    sql = {f"{path.parent}.{path.stem}" for path in files}

    assert {step.table for step in MODELS} <= sql
    assert sql <= {table for step in STEPS for table in (step.table, *step.also)}


@pytest.mark.parametrize("step", MODELS, ids=lambda step: step.table)
def test_the_grain_is_unique_and_never_null(shop, step):
    table, build = step.table, step.build
    grain = (
        build.grain if isinstance(build, Model) else contracts()[table.removeprefix("gold.")].key
    )
    columns = ", ".join(grain)

    assert rows(shop, f"select {columns} from {table} group by {columns} having count(*) > 1") == []
    null = " or ".join(f"{column} is null" for column in grain)
    assert rows(shop, f"from {table} where {null}") == []
    assert rows(shop, f"select count(*) from {table}") != [(0,)]


def test_customer_360_by_eye(shop):
    assert text(
        shop,
        "select customer_id, is_known, first_name, order_count, total_revenue_usd, returned_usd,"
        " net_revenue_usd, avg_order_value_usd, days_since_last_order, click_events_45d,"
        " sessions_45d, open_rate, support_tickets_120d, open_complaints"
        " from gold.customer_360 order by customer_id",
    ) == [
        "ann True Anne 2 500.10 100.10 400.00 250.05 5 1 1 0.0000 0 0",
        "bob True - 1 50.00 0.00 50.00 50.00 379 0 0 1.0000 1 1",
        "cat False - 0 0.00 2.00 -2.00 - - 0 1 - 0 0",
    ]
    assert rows(
        shop,
        "select customer_id, customer_value_score, value_reasons, churn_risk_score, churn_reasons,"
        " segment, retention_priority from gold.customer_360 order by customer_id",
    ) == [
        (
            "ann",
            85,
            "ordered_recently +30, repeat +15, high_spend +40",
            20,
            "few_clicks +10, low_open_rate +10",
            "champion",
            "low",
        ),
        (
            "bob",
            0,
            "",
            80,
            "lapsed +40, no_clicks +25, some_tickets +5, open_complaint +10",
            "occasional",
            "high",
        ),
        ("cat", 0, "", 65, "never_ordered +40, no_clicks +25", "prospect", "high"),
    ]


def test_a_profile_tells_what_the_source_says_beside_what_is_derived(shop):
    assert text(
        shop,
        "select customer_id, segment, tier, source_segment, loyalty_tier, preferred_store,"
        " home_store, clv_usd, purchase_categories, identity_quality_score, open_tickets"
        " from gold.customer_360 order by customer_id",
    ) == [
        "ann champion bronze PREMIUM GOLD s1 s1 420.08 shoes, toys 5 0",
        "bob occasional new - - - s9 17.50 - 0 1",
        "cat prospect new - - - - 0.00 - 0 0",
    ]


def test_a_return_can_change_the_segment():
    context = empty_context()
    given(context, "identity.customer", "customer_id is_identified\nann true")
    given(
        context,
        "silver.orders",
        "source record_id customer_id event_time status amount_usd\n"
        "shop o1 ann 2026-01-01 paid 400",
    )
    build(context)
    assert text(context, "select segment from gold.customer_360") == ["champion"]

    given(context, "silver.returns", "order_id event_time amount_usd\no1 2026-01-02 0.01")
    build(context)

    assert text(context, "select segment from gold.customer_360") == ["loyal"]


def test_a_visitor_has_what_was_done_before_anyone_knew_who_it_is(shop):
    assert text(
        shop,
        "select customer_id, records, sources, click_events_45d, sessions_45d, order_count,"
        " total_revenue_usd from gold.anonymous_visitor",
    ) == ["visitor 4 1 2 1 1 7.00"]


def test_segments_add_up_to_the_profiles(shop):
    totals = "sum({}), sum(total_revenue_usd), sum(returned_usd), sum(net_revenue_usd)"

    assert rows(shop, f"select {totals.format('customers')} from gold.segment_summary") == rows(
        shop, f"select {totals.format(1)} from gold.customer_360"
    )
    assert text(
        shop,
        "select segment, customers, paid_orders, avg_churn_risk_score, marketing_consent_rate,"
        " personalization_consent_rate from gold.segment_summary order by segment",
    ) == [
        "champion 1 2 20.00 1.0000 1.0000",
        "occasional 1 1 80.00 0.0000 0.0000",
        "prospect 1 0 65.00 1.0000 0.0000",
    ]


def test_kpis_by_eye(shop):
    assert dict(rows(shop, "select metric, value from gold.kpi_summary")) == {
        "customers": 2,
        "profiles": 3,
        "anonymous_visitors": 1,
        "profile_coverage_rate": Decimal("0.6667"),  # `lost` is known, but has no profile
        "paid_orders": 5,
        "gross_revenue_usd": Decimal("560.10"),
        "returned_usd": Decimal("100.10"),
        "refunded_usd": 2,
        "net_revenue_usd": 458,
        "avg_order_value_usd": Decimal("112.02"),
        "unattributed_revenue_usd": 10,  # of the visitor and of the order without identifiers
        "unmatched_returns_usd": 5,
        "marketing_consent_rate": Decimal("0.5"),
        "personalization_consent_rate": Decimal("0.5"),
        "sessions": 3,
        "flagged_records": 1,
        "activation_candidates": 1,
        "urgent_retention_customers": 0,
        "open_complaints": 1,
        "avg_customer_value_score": Decimal("28.3333"),
        "avg_churn_risk_score": 55,
    }


def test_a_known_person_without_a_customer_is_not_covered():
    context = empty_context()
    given(context, "silver.customers", "source record_id\ncrm 1")

    build(context)

    assert text(
        context, "select value from gold.kpi_summary where metric = 'profile_coverage_rate'"
    ) == ["0.0000"]


def test_what_applications_read_is_compact(shop):
    assert rows(
        shop,
        "select * exclude (profile_version, as_of) from gold.serving_profile"
        " where customer_id = 'ann'",
    ) == [("ann", True, True, 85, 20, "champion", "low")]
    assert rows(shop, "select distinct as_of from gold.serving_profile") == [(shop.as_of,)]


def test_a_profile_has_the_version_of_what_it_says(shop):
    said = "columns(* exclude (customer_id, profile_version, as_of))"

    alike, versions = rows(
        shop,
        f"select (select count(*) from (select distinct {said} from gold.serving_profile)),"
        " (select count(distinct profile_version) from gold.serving_profile)",
    )[0]

    assert alike == versions > 1


def test_without_any_row_the_marts_are_empty_and_the_kpis_are_zero():
    context = empty_context()

    build(context)

    filled = [step.table for step in MODELS if rows(context, f"from {step.table} limit 1")]
    assert filled == ["gold.kpi_summary"]
    assert rows(context, "select distinct value from gold.kpi_summary") == [(0,)]


def test_the_names_of_windowed_columns_say_their_length():
    context = empty_context(behaviour_days=7, service_days=30)

    build(context)

    names = {name for name, *_ in rows(context, "describe gold.customer_360")}
    assert {"click_events_7d", "sessions_7d", "support_tickets_30d"} <= names
    assert not {"click_events", "sessions", "support_tickets"} & names
    assert window_names(Rules())["sessions"] == "sessions_45d"
