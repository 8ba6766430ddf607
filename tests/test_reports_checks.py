import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from c360.errors import MissingStepError
from c360.reports.catalogue import contract, families
from c360.reports.checks import build_quality_check, failed_checks, read_checks
from c360.reports.measures import null_count_sql
from c360.reports.quality_check import AtLeast, AtMost, QualityCheck, Threshold, judged
from c360.rules import Band
from c360.step import Context
from tests.reports_warehouse import built_warehouse

SERVING = (
    "customer_id",
    "marketing_consent",
    "personalization_consent",
    "customer_value_score",
    "churn_risk_score",
    "segment",
    "retention_priority",
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    with built_warehouse(tmp_path_factory.mktemp("sound")) as context:
        yield context


@pytest.fixture
def built(sound: Context) -> Iterator[Context]:
    """A sound warehouse in a transaction, as a command has it; what a test breaks is undone."""
    sound.con.execute("begin")
    yield sound
    sound.con.execute("rollback")


def checks_of(context: Context, *changes: str) -> dict[str, QualityCheck]:
    """Change the warehouse, check it, and return the checks by metric."""
    for change in changes:
        context.con.execute(change).fetchall()
    build_quality_check(context)
    return {check.metric: check for check in read_checks(context.con)}


def test_sound_data_passes_every_check(built):
    checks = checks_of(built)

    assert {check.status for check in checks.values()} == {"pass", "info"}
    assert failed_checks(built.con) == []


def test_the_figures_of_the_sample(built):
    checks = checks_of(built)

    assert {
        metric: str(checks[metric].value)
        for metric in (
            "profile_coverage_rate",
            "duplicate_profile_count",
            "critical_null_rate",
            "orders_freshness_lag_hours",
            "clickstream_freshness_lag_hours",
            "marketing_consent_rate",
        )
    } == {
        "profile_coverage_rate": "1.0000",
        "duplicate_profile_count": "0.0000",
        "critical_null_rate": "0.0000",
        "orders_freshness_lag_hours": "5.1300",
        "clickstream_freshness_lag_hours": "0.4100",
        "marketing_consent_rate": "0.8083",
    }


FIRST = "(select min(customer_id) from gold.customer_360)"
LOYAL = (
    "(select customer_id from identity.member where source = 'loyalty_accounts' order by 1 limit 1)"
)
RING = f"(select min(keyring) from identity.member where customer_id = {LOYAL})"


@pytest.mark.parametrize(
    ("metric", "value", "change"),
    [
        (
            "profile_coverage_rate",
            "0.9916",
            f"delete from gold.customer_360 where customer_id = {FIRST}",
        ),
        (
            "duplicate_profile_count",
            "1",
            f"insert into gold.customer_360 from gold.customer_360 where customer_id = {FIRST}",
        ),
        (
            "misplaced_record_count",
            "1",
            "delete from identity.member where source = 'orders' and record_id = 'O7'",
        ),
        (
            "misplaced_record_count",
            "1",
            "insert into identity.member select * replace ('c-other' as customer_id)"
            " from identity.member where source = 'orders' and record_id = 'O7'",
        ),
        (
            "misplaced_record_count",
            "1",
            "update identity.member set customer_id = 'c-gone'"
            " where source = 'orders' and record_id = 'O7'",
        ),
        (
            "critical_null_rate",
            "0.0012",  # 1 of 840 cells, rounded up
            f"update gold.customer_360 set segment = ' ' where customer_id = {FIRST}",
        ),
        (
            "missing_consent_count",
            "1",
            f"update gold.customer_360 set marketing_consent = null where customer_id = {FIRST}",
        ),
        (
            "consent_without_evidence_count",
            "23",
            "update gold.customer_360 set marketing_consent = true",
        ),
        (
            "activated_without_consent_count",
            "24",
            "insert into gold.activation_candidates (customer_id)"
            " select customer_id from gold.activation_excluded",
        ),
        (
            "activated_without_consent_count",
            "1",
            "insert into gold.activation_candidates (customer_id) values ('c-nobody')",
        ),
        (
            "per_person_violation_count",
            "1",
            f"insert into identity.link select {RING}, 'loyalty_id', 'L-second', 'joined', null, 1,"
            " null, null",
        ),
        (
            "one_per_person_violation_count",
            "1",
            f"insert into identity.keyring_attribute values ({RING}, 'date_of_birth', '1999')",
        ),
        (
            "unaccounted_row_count",
            "3",
            "update ops.load set rows_landed = rows_landed - 3 where source = 'orders'",
        ),
        (
            "orders_reject_share",
            "0.5000",
            "update ops.load set rows_rejected = 424, rows_read = 848 where source = 'orders'",
        ),
        (
            "revenue_gap_usd",
            "10.0000",
            "update gold.customer_360 set total_revenue_usd = total_revenue_usd"
            f" + case when customer_id = {FIRST} then 5 else -5 end where customer_id in"
            " (select customer_id from gold.customer_360 where order_count > 0"
            "  order by customer_id limit 2)",
        ),
        (
            "segment_customer_gap_count",
            "2",
            "update gold.segment_summary set customers = customers - 2 where segment = 'loyal'",
        ),
        (
            "segment_revenue_gap_usd",
            "7",
            "update gold.segment_summary set net_revenue_usd = net_revenue_usd + 7"
            " where segment = 'new'",
        ),
    ],
)
def test_data_broken_for_a_check_fails_it(built, metric, value, change):
    check = checks_of(built, change)[metric]

    assert check.status == "fail"
    assert check.value == Decimal(value)
    assert "What to do: " in check.explanation
    assert metric in [failed.metric for failed in failed_checks(built.con)]


def test_what_passes_names_nobody(built):
    assert not any("Concerns" in check.explanation for check in checks_of(built).values())


def test_a_failure_names_the_first_offenders_and_counts_the_rest(built):
    removed = [
        customer_id
        for (customer_id,) in built.con.execute(
            "delete from gold.customer_360 where customer_id in (select customer_id"
            " from gold.customer_360 order by customer_id limit 7) returning customer_id"
        ).fetchall()
    ]

    explanation = checks_of(built)["profile_coverage_rate"].explanation

    assert f"Concerns: {', '.join(sorted(removed)[:5])} and 2 more." in explanation


def test_one_missing_customer_among_many_is_not_rounded_away(built):
    rows = "range(30000) t(i)"
    checks = checks_of(
        built,
        "insert into silver.customers (source, record_id, customer_id)"
        f" select 'customers', 'X' || i, 'x' || i from {rows}",
        "insert into gold.customer_360 by name select * replace ('x' || i as customer_id)"
        f" from (from gold.customer_360 limit 1), {rows} where i > 0".replace(
            "select *", "select * exclude (i)"
        ),
    )

    assert checks["profile_coverage_rate"].value == Decimal("0.9999")
    assert checks["profile_coverage_rate"].status == "fail"


@pytest.mark.parametrize(
    ("hours", "status"),
    [
        (0, "pass"),
        (18.86, "pass"),
        (18.87, "warn"),  # 5.13 + 18.87 = 24: the cut-off warns
        (66.86, "warn"),
        (66.87, "fail"),
        (-6, "warn"),  # the newest order lies after as_of
    ],
)
def test_a_source_grows_stale_by_its_band(built, hours, status):
    later = replace(built, as_of=built.as_of + timedelta(hours=hours))

    assert checks_of(later)["orders_freshness_lag_hours"].status == status


def test_a_source_without_rows_warns(built):
    check = checks_of(built, "delete from silver.returns")["returns_freshness_lag_hours"]

    assert (check.value, check.status) == (None, "warn")
    assert "No row of it has come" in check.explanation


def test_a_source_whose_rows_tell_no_time_has_no_freshness(built):
    checks = checks_of(built, "update silver.returns set event_time = null")

    assert "returns_freshness_lag_hours" not in checks


def test_orders_after_the_build_are_no_gap(built):
    later = replace(built, as_of=built.as_of + timedelta(days=2))
    check = checks_of(
        later,
        "insert into silver.orders (source, record_id, customer_id, event_time, status, amount_usd)"
        f" select 'orders', 'late', {FIRST}, timestamp '2026-01-16', 'paid', 99",
    )["revenue_gap_usd"]

    assert check.status == "pass"


@pytest.mark.parametrize("column", SERVING)
def test_a_missing_serving_column_fails_by_its_name(built, column):
    checks = checks_of(built, f"alter table gold.customer_360 drop column {column}")

    assert checks["serving_contract_missing_columns"].status == "fail"
    assert f"gold.customer_360.{column}" in checks["serving_contract_missing_columns"].explanation
    assert f"{column} (no such column)" in checks["critical_null_rate"].explanation


@pytest.mark.parametrize(
    "mart", ["serving_profile", "segment_summary", "activation_candidates", "kpi_summary"]
)
def test_a_missing_mart_fails_by_its_name(built, mart):
    checks = checks_of(built, f"drop table gold.{mart}")

    assert any(
        check.status == "fail" and f"gold.{mart}." in check.explanation for check in checks.values()
    )


def test_what_cannot_be_measured_fails_and_says_why(built):
    checks = checks_of(built, "alter table gold.customer_360 drop column marketing_consent")

    check = checks["activated_without_consent_count"]
    assert (check.value, check.status) == (None, "fail")
    assert "gold.customer_360 has no column marketing_consent" in check.explanation


def test_consent_rates_inform_and_never_gate(built):
    checks = checks_of(
        built,
        "update gold.customer_360 set marketing_consent = false",
        "delete from gold.activation_candidates",
    )

    assert checks["marketing_consent_rate"].value == 0
    assert checks["marketing_consent_rate"].status == "info"
    assert "not a target" in checks["marketing_consent_rate"].explanation
    assert failed_checks(built.con) == []


def test_one_huge_customer_warns(built):
    checks = checks_of(built, "update identity.customer set records = 100001")

    assert checks["largest_customer_record_count"].status == "warn"


def test_without_marts_the_message_names_the_command(built):
    built.con.execute("drop table gold.customer_360").fetchall()

    with pytest.raises(MissingStepError, match="c360 build"):
        build_quality_check(built)


def test_every_check_is_in_the_catalogue_once(built):
    checks = checks_of(built)

    assert len(checks) == len(read_checks(built.con))
    assert {check.family for check in checks.values()} == {family.name for family in families()}
    assert all("{" not in check.explanation for check in checks.values())


def test_windows_of_the_configuration_stand_in_the_contract(built):
    columns = {column for _, _, column in contract(built.settings.rules)}

    assert {"click_events_45d", "sessions_45d", "support_tickets_120d"} <= columns


@pytest.mark.parametrize(
    ("value", "threshold", "status"),
    [
        ("1", AtLeast(Decimal(1)), "pass"),
        ("0.9999", AtLeast(Decimal(1)), "fail"),
        ("0", AtMost(Decimal(0)), "pass"),
        ("1", AtMost(Decimal(0)), "fail"),
        ("1", AtMost(Decimal(0), "warn"), "warn"),
        ("23.99", Band(warn=24, fail=72), "pass"),
        ("24", Band(warn=24, fail=72), "warn"),
        ("72", Band(warn=24, fail=72), "fail"),
        ("-1", Band(warn=24, fail=72), "warn"),
        ("0.5", None, "info"),
        (None, AtMost(Decimal(0)), "fail"),
        (None, Band(warn=24, fail=72), "warn"),
        (None, None, "info"),
    ],
)
def test_a_value_is_judged_by_its_threshold(
    value: str | None, threshold: Threshold, status: str
) -> None:
    assert judged(None if value is None else Decimal(value), threshold) == status


def test_the_query_for_empty_cells():
    assert null_count_sql("gold.customer_360", ["segment"], "customer_id") == (
        "SELECT COUNT(*),"
        " COUNT(*) FILTER(WHERE NULLIF(TRIM(CAST(\"segment\" AS TEXT)), '') IS NULL),"
        ' MIN("customer_id") FILTER(WHERE NULLIF(TRIM(CAST("segment" AS TEXT)), \'\') IS NULL)'
        " FROM gold.customer_360"
    )


def test_explanations_are_sentences():
    texts = [text for family in families() for text in family.checks.values()]

    assert all(re.fullmatch(r"[A-Z].*\.", each.meaning) for each in texts)
    assert all(re.fullmatch(r"[A-Z].*\.", each.remedy) for each in texts)
