import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from c360.errors import MissingStepError
from c360.reports.catalogue import contract, families
from c360.reports.check_outcome import tell_checks
from c360.reports.checks import (
    build_quality_check,
    critical_checks,
    failed_checks,
    quality_checks,
    read_checks,
)
from c360.reports.held_build import build_notes
from c360.reports.measures import null_count_sql
from c360.reports.quality_check import AtLeast, AtMost, QualityCheck, Threshold, judged
from c360.reports.row_quality import count_rows_of_sources
from c360.reports.thresholds import INFORMING, NEEDS_HISTORY, pattern_of
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


READ_BY_THE_BUILD = """
create table ops.read_batch as
  select source, batch_id, cast(0 as bigint) as superseded, newest_event_time as newest
  from ops.load;
create table silver.held_row (source varchar, record_id varchar);
update silver.tickets set status = 'open', csat = 4.5
"""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    with built_warehouse(tmp_path_factory.mktemp("sound")) as context:
        for statement in READ_BY_THE_BUILD.split(";"):
            context.con.execute(statement).fetchall()
        yield context


@pytest.fixture
def built(sound: Context) -> Iterator[Context]:
    """A sound warehouse in a transaction, as a command has it; what a test breaks is undone."""
    sound.con.execute("begin")
    yield sound
    sound.con.execute("rollback")


def checks_of(
    context: Context, *changes: str, only: set[str] | None = None
) -> dict[str, QualityCheck]:
    """Change the warehouse, check it (`only` for these), and return the checks by metric."""
    for change in changes:
        context.con.execute(change).fetchall()
    if only:
        count_rows_of_sources(context)
        return {check.metric: check for check in quality_checks(context, only)}
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


def earlier(metric: str, *values: float) -> str:
    """Return the statement that makes earlier checks of a metric."""
    rows = ", ".join(
        f"({run}, timestamp '2026-01-10', '{metric}', cast({value} as decimal(18, 4)), 'info')"
        for run, value in enumerate(values, start=-len(values))
    )
    return (
        "create table ops.check_history as from (values "
        f"{rows}) t(run, as_of, metric, value, status)"
    )


PLANTED = [
    (
        "profile_coverage_rate",
        "fail",
        "0.9916",
        f"delete from gold.customer_360 where customer_id = {FIRST}",
    ),
    (
        "duplicate_profile_count",
        "fail",
        "1",
        f"insert into gold.customer_360 from gold.customer_360 where customer_id = {FIRST}",
    ),
    (
        "misplaced_record_count",
        "fail",
        "1",
        "delete from identity.member where source = 'orders' and record_id = 'O7'",
    ),
    (
        "misplaced_record_count",
        "fail",
        "1",
        "insert into identity.member select * replace ('c-other' as customer_id)"
        " from identity.member where source = 'orders' and record_id = 'O7'",
    ),
    (
        "misplaced_record_count",
        "fail",
        "1",
        "update identity.member set customer_id = 'c-gone'"
        " where source = 'orders' and record_id = 'O7'",
    ),
    (
        "critical_null_rate",
        "fail",
        "0.0012",  # 1 of 840 cells, rounded up
        f"update gold.customer_360 set segment = ' ' where customer_id = {FIRST}",
    ),
    (
        "orders_untimed_share",
        "warn",
        "0.0024",  # 1 of 424 rows, rounded up
        "update silver.orders set event_time = null where record_id = 'O7'",
    ),
    (
        "orders_invalid_share",
        "fail",
        "1",
        "update silver.orders set currency = 'dollars'",
    ),
    (
        "tickets_invalid_share",
        "warn",
        "0.0112",  # 1 of 90 rows
        "update silver.tickets set csat = 50 where record_id = 'T7'",
    ),
    (
        "tickets_invalid_share",
        "fail",
        "1",
        "update silver.tickets set status = 'on the moon'",
    ),
    (
        "consents_invalid_share",
        "fail",
        "1",
        "update silver.consents set purpose = ''",
    ),
    (
        "orders_freshness_lag_hours",
        "fail",
        "77.13",
        "update silver.orders set event_time = event_time - interval 72 hours",
    ),
    (
        "orders_late_rows",
        "warn",
        "2",
        "update ops.load set later_than_promised = 2, late_rows = 5 where source = 'orders'",
    ),
    (
        "serving_contract_missing_columns",
        "fail",
        "1",
        "alter table gold.serving_profile drop column segment",
    ),
    (
        "gold_contract_missing_columns",
        "fail",
        "1",
        "alter table gold.segment_summary drop column customers",
    ),
    (
        "website_age_hours",
        "warn",
        "1",
        "update gold.customer_360 set as_of = as_of - interval 1 hour",
    ),
    (
        "missing_consent_count",
        "fail",
        "1",
        f"update gold.customer_360 set marketing_consent = null where customer_id = {FIRST}",
    ),
    (
        "consent_without_evidence_count",
        "fail",
        "23",
        "update gold.customer_360 set marketing_consent = true",
    ),
    (
        "activated_without_consent_count",
        "fail",
        "24",
        "insert into gold.activation_candidates (customer_id)"
        " select customer_id from gold.activation_excluded",
    ),
    (
        "activated_without_consent_count",
        "fail",
        "1",
        "insert into gold.activation_candidates (customer_id) values ('c-nobody')",
    ),
    (
        "per_person_violation_count",
        "fail",
        "1",
        f"insert into identity.link select {RING}, 'loyalty_id', 'L-second', 'joined', null, 1,"
        " null, null",
    ),
    (
        "one_per_person_violation_count",
        "fail",
        "1",
        f"insert into identity.keyring_attribute values ({RING}, 'date_of_birth', '1999')",
    ),
    (
        "largest_customer_record_count",
        "warn",
        "100001",
        f"update identity.customer set records = 100001 where customer_id = {LOYAL}",
    ),
    (
        "held_run_count",
        "warn",
        "1",
        "insert into ops.run values (9, 'build (held)', '2026-01-15', '2026-01-15', null, '1');"
        " insert into ops.held_run values (9, 'missing_consent_count is 1 (at most 0)')",
    ),
    (
        "unaccounted_row_count",
        "fail",
        "3",
        "update ops.load set rows_landed = rows_landed - 3 where source = 'orders'",
    ),
    (
        "orders_reject_share",
        "fail",
        "0.5000",
        "update ops.load set rows_rejected = 424, rows_read = 848 where source = 'orders';"
        " insert into ops.reject select 'orders', batch_id, file, i, 'no order_id', '{}'"
        " from ops.load, range(424) t(i) where source = 'orders'",
    ),
    (
        "orders_returns_orphan_share",
        "warn",
        "0.0952",
        "update silver.returns set order_id = 'gone' where record_id in ('R1', 'R2');"
        " update silver.relation_orphan set orphans = 2 where relation = 'orders_returns'",
    ),
    (
        "orders_layer_gap_count",
        "fail",
        "1",
        "delete from silver.orders where record_id = 'O7'",
    ),
    (
        "orders_layer_gap_count",
        "fail",
        "1",
        "insert into silver.orders from silver.orders where record_id = 'O7'",
    ),
    (
        "returned_above_paid_count",
        "warn",
        "1",
        "update silver.paid_order set returned_usd = revenue_usd + 1 where record_id = 'O7'",
    ),
    (
        "undecided_activation_count",
        "fail",
        "1",
        "delete from gold.activation_candidates where customer_id ="
        " (select min(customer_id) from gold.activation_candidates)",
    ),
    (
        "kpi_gap_count",
        "fail",
        "1",
        "update gold.kpi_summary set value = value + 1 where metric = 'profiles'",
    ),
    (
        "revenue_gap_usd",
        "fail",
        "10.0000",
        "update gold.customer_360 set total_revenue_usd = total_revenue_usd"
        f" + case when customer_id = {FIRST} then 5 else -5 end where customer_id in"
        " (select customer_id from gold.customer_360 where order_count > 0"
        "  order by customer_id limit 2)",
    ),
    (
        "segment_customer_gap_count",
        "fail",
        "2",
        "update gold.segment_summary set customers = customers - 2 where segment = 'loyal'",
    ),
    (
        "segment_revenue_gap_usd",
        "fail",
        "7",
        "update gold.segment_summary set net_revenue_usd = net_revenue_usd + 7"
        " where segment = 'new'",
    ),
    (
        "orders_volume",
        "warn",
        "424",
        earlier("orders_volume", 1000, 1010, 990, 1000, 1005),
    ),
    (
        "profile_count",
        "warn",
        "120",
        earlier("profile_count", 300, 301, 302, 303, 304),
    ),
    (
        "marketing_withdrawal_share",
        "warn",
        "0.1917",
        earlier("marketing_withdrawal_share", 0.01, 0.01, 0.02, 0.01, 0.01),
    ),
    (
        "segment_shift",
        "warn",
        "0.8917",
        earlier("champion_segment_share", 1),
    ),
]
"""Check, status, figure, and what is done to sound data."""
SEEN_ELSEWHERE = {
    "identity_change_share": "test_reports_graph",
    "decision_conflict_count": "test_reports_stewardship",
    "{source}_processing_lag_hours": "below: it informs unless there is a band",
}


@pytest.mark.parametrize(
    ("metric", "status", "value", "change"), PLANTED, ids=[each[0] for each in PLANTED]
)
def test_data_broken_for_a_check_fails_it(built, metric, status, value, change):
    check = checks_of(built, *change.split("; "), only={key_of(metric)})[metric]

    assert (check.status, check.value) == (status, Decimal(value))
    assert "What to do: " in check.explanation
    if check.sql is not None:
        assert check.failing_rows
        assert len(built.con.execute(check.sql).fetchall()) == check.failing_rows


def test_every_check_that_is_judged_has_a_planted_defect():
    judged = {key for family in families() for key in family.checks} - {*INFORMING}
    planted = {key_of(metric) for metric, *_ in PLANTED} | SEEN_ELSEWHERE.keys()

    assert judged | {*NEEDS_HISTORY} == planted


def test_what_hurts_people_or_every_reader_is_critical(built):
    assert {check.metric for check in critical_checks(built)} == {
        "duplicate_profile_count",
        "serving_contract_missing_columns",
        "missing_consent_count",
        "consent_without_evidence_count",
        "activated_without_consent_count",
        "per_person_violation_count",
        "one_per_person_violation_count",
    }


def test_the_configuration_says_what_is_critical(built):
    severity = {
        "{source}_untimed_share": "critical",
        "orders_freshness_lag_hours": "critical",
        "missing_consent_count": "error",
        "activated_without_consent_count": "warn",
    }
    checks = built.settings.checks.model_copy(update={"severity": severity})
    context = replace(built, settings=built.settings.model_copy(update={"checks": checks}))

    metrics = {check.metric for check in critical_checks(context)}

    assert "orders_freshness_lag_hours" in metrics
    assert "returns_freshness_lag_hours" not in metrics
    assert {f"{source}_untimed_share" for source in built.settings.sources} <= metrics
    assert not {"missing_consent_count", "activated_without_consent_count"} & metrics
    broken = checks_of(
        context,
        "insert into gold.activation_candidates (customer_id) values ('c-nobody')",
        only={"activated_without_consent_count"},
    )
    assert broken["activated_without_consent_count"].status == "warn"


def key_of(metric: str) -> str:
    """Return the name under which the catalogue has a check."""
    keys = [key for family in families() for key in family.checks]
    return (
        metric if metric in keys else next(k for k in keys if re.fullmatch(pattern_of(k), metric))
    )


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

    checks = checks_of(later, only={"{source}_freshness_lag_hours"})

    assert checks["orders_freshness_lag_hours"].status == status


def test_a_source_without_rows_warns(built):
    checks = checks_of(built, "delete from silver.returns", only={"{source}_freshness_lag_hours"})
    check = checks["returns_freshness_lag_hours"]

    assert (check.value, check.status) == (None, "warn")
    assert "No row of it has come" in check.explanation


def test_a_source_whose_rows_tell_no_time_has_no_freshness(built):
    checks = checks_of(
        built,
        "update silver.returns set event_time = null",
        only={"{source}_freshness_lag_hours"},
    )

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
    checks = checks_of(
        built,
        f"alter table gold.customer_360 drop column {column}",
        only={"serving_contract_missing_columns", "critical_null_rate"},
    )

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
        "insert into gold.activation_excluded select 'candidates', customer_id, 'no', segment"
        " from gold.activation_candidates",
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
    assert {check.family for check in checks.values()} == {
        family.name for family in families() if family.checks
    }
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


def test_a_file_that_came_again_without_its_mistakes_has_mended_them(built):
    bad = """insert into ops.load by name select * replace (
        run + {add} as run, 'bad{add}' as batch_id, file as file, 10 as rows_read,
        10 - {rejected} as rows_landed, {rejected} as rows_rejected)
        from ops.load where source = 'orders' and batch_id not like 'bad%'"""
    rejects = """insert into ops.reject select source, batch_id, file, 3, 'no order_id', '{}'
        from ops.load where source = 'orders' and rows_rejected > 0 and run < 100"""
    wrong = checks_of(
        built, bad.format(add=10, rejected=1), rejects, bad.format(add=20, rejected=1), rejects,
        only={"{source}_reject_share"},
    )["orders_reject_share"]  # fmt: skip
    assert (str(wrong.value), wrong.status) == ("0.1000", "fail")

    mended = checks_of(
        built, bad.format(add=30, rejected=0), only={"{source}_reject_share"}
    )["orders_reject_share"]  # fmt: skip
    assert (mended.value, mended.status, mended.failing_rows) == (0, "pass", 0)


def test_a_rejected_row_is_listed_once_of_the_last_version_of_its_file(built):
    for run, batch in ((50, "b1"), (60, "b2")):
        built.con.execute(
            "insert into ops.load by name select * replace ($run as run, $batch as batch_id,"
            " 1 as rows_rejected) from ops.load where source = 'orders' and run < 50",
            {"run": run, "batch": batch},
        ).fetchall()
        built.con.execute(
            "insert into ops.reject select 'orders', $batch, 'orders.csv', 3, 'no order_id', '{}'",
            {"batch": batch},
        ).fetchall()

    check = checks_of(built, only={"{source}_reject_share"})["orders_reject_share"]

    assert check.failing_rows == 1


def test_an_age_below_zero_does_not_pass(built):
    past = replace(built, as_of=built.as_of - timedelta(hours=2))

    age = checks_of(past, only={"{consumer}_age_hours"})["website_age_hours"]

    assert (age.value, age.status) == (None, "warn")
    assert "as_of lies 2.0000 hours before the build" in age.explanation
    assert any("ages cannot be measured" in note for note in build_notes(past))


def test_an_order_below_zero_without_a_return_is_no_return_above_its_price(built):
    below = "update silver.paid_order set revenue_usd = -5, returned_usd = 0 where record_id = 'O7'"

    check = checks_of(built, below, only={"returned_above_paid_count"})

    assert check["returned_above_paid_count"].value == 0


def test_what_fails_and_what_warns_is_named(built):
    checks = checks_of(built, *(sql for *_, sql in PLANTED[:1]))
    failed = [check.metric for check in checks.values() if check.status == "fail"]

    assert failed
    assert tell_checks(list(checks.values()), warns_only=True).notes[0] == (
        f"checks that failed: {', '.join(failed)}"
    )
    warned = [replace(check, status="warn") for check in list(checks.values())[:7]]
    (note,) = tell_checks(warned).notes
    assert note.endswith("and 2 more")
