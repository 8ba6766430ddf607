"""A figure is held against those of earlier checks."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from c360.check_rules import Checks, DriftRules
from c360.reports.checks import build_quality_check, read_checks
from c360.reports.drift import band_of
from c360.reports.quality_check import QualityCheck
from c360.step import Context

RULES = DriftRules()
FIGURES = st.lists(st.integers(0, 10**9).map(Decimal), min_size=RULES.at_least, max_size=RULES.runs)


@pytest.mark.parametrize(
    ("earlier", "is_share", "low", "high"),
    [
        ((1000, 1000, 1000, 1000, 1000), False, "750", "1250"),  # 25 % of the median
        ((500, 800, 1000, 1200, 1500), False, "0", "2038"),  # 3.5 x 1.4826 x 200
        ((0, 0, 0, 0, 0), False, "0", "4"),  # what chance does to a count
        ((4, 4, 4, 4, 4), False, "0", "12"),  # 3.5 x the root of 5
        ((0, 0, 0, 0, 0), True, "0", "0.02"),
        (("0.8", "0.8", "0.8", "0.8", "0.8"), True, "0.6", "1"),
    ],
)
def test_the_band_is_the_widest_of_noise_tolerance_and_chance(earlier, is_share, low, high):
    band = band_of([Decimal(value) for value in earlier], RULES, is_share=is_share)

    assert band is not None
    assert (band.low, band.high) == (Decimal(low), Decimal(high))


def test_too_few_earlier_checks_give_no_band():
    assert band_of([Decimal(1)] * 4, RULES, is_share=False) is None


@given(FIGURES, st.booleans())
def test_the_median_lies_in_the_band_in_whatever_order_the_checks_were(earlier, is_share):
    band = band_of(earlier, RULES, is_share=is_share)

    assert band is not None
    assert Decimal(0) <= band.low <= band.median <= band.high
    assert band == band_of(earlier[::-1], RULES, is_share=is_share)


@given(FIGURES, st.integers(0, 10**9).map(Decimal))
def test_one_wild_figure_does_not_move_the_band_beyond_the_others(earlier, wild):
    band = band_of([*earlier, *earlier, wild], RULES, is_share=False)

    assert band is not None
    assert min(earlier) <= band.median <= max(earlier)


def checked(context: Context, run: int) -> dict[str, QualityCheck]:
    """Check in a run of its own, and return the checks by metric."""
    build_quality_check(replace(context, run=run))
    return {check.metric: check for check in read_checks(context.con)}


def test_history_grows_by_run_and_judges_once_there_is_enough(built):
    checked(built, 10)
    built.con.execute(
        "insert into ops.check_history select * replace (run + i as run)"
        " from ops.check_history, range(1, 4) t(i)".replace("select *", "select * exclude (i)")
    ).fetchall()

    statuses = [checked(built, run)["profile_count"].status for run in (14, 15)]

    assert statuses == ["info", "pass"]
    assert built.con.execute(
        "select count(distinct run), count(*) = count(distinct (run, metric))"
        " from ops.check_history"
    ).fetchall() == [(6, True)]

    built.con.execute("delete from gold.customer_360 where segment <> 'loyal'").fetchall()
    checks = checked(built, 16)

    assert checks["profile_count"].status == "warn"
    assert "The median of 6 earlier checks is 120." in checks["profile_count"].explanation
    assert checks["segment_shift"].status == "warn"
    assert "loyal +77.5 points" in checks["segment_shift"].explanation


def test_a_replay_and_what_follows_it_know_only_what_was_before_them(built):
    checked(built, 10)
    built.con.execute("update gold.customer_360 set segment = 'new'").fetchall()
    past = replace(built, as_of=built.as_of - timedelta(days=9))

    replayed = checked(past, 11)["segment_shift"]
    built.con.execute("update gold.customer_360 set segment = 'loyal'").fetchall()
    now = checked(built, 12)["segment_shift"]

    assert (replayed.value, replayed.status) == (None, "info")
    assert (str(now.value), now.status) == ("0.7750", "warn")  # 22.5 % were loyal before


def test_a_check_that_is_repeated_in_a_run_stands_once_in_history(built):
    checked(built, 10)
    checked(built, 10)

    assert built.con.execute(
        "select max(n) from (select count(*) as n from ops.check_history group by run, metric)"
    ).fetchall() == [(1,)]
    assert built.con.execute(
        "select count(*) from ops.data_quality_metric where run = 10"
    ).fetchall() == [(8,)]


def test_a_processing_lag_is_judged_where_it_has_a_band(built):
    bands = {"processing_lag_hours": {"orders": {"warn": 1, "fail": 2}}}
    checks = Checks.model_validate(bands)
    context = replace(built, settings=built.settings.model_copy(update={"checks": checks}))

    found = checked(context, 10)

    assert found["orders_processing_lag_hours"].status == "warn"
    assert found["returns_processing_lag_hours"].status == "info"


def test_the_quality_of_a_source_is_the_share_of_its_records_that_are_valid(built):
    for change in (
        # Of 426 rows: 2 rejected, 1 with a wrong currency, 1 without a time, 1 that came again.
        "update ops.load set rows_read = 426, rows_rejected = 2 where source = 'orders'",
        "update silver.orders set currency = 'dollars' where record_id = 'O1'",
        "update silver.orders set event_time = null where record_id = 'O2'",
        "create table bronze.superseded_row (source varchar, _batch_id varchar, _row_number int)",
        "insert into bronze.superseded_row values ('clickstream', 'b', 1), ('orders', 'b', 1)",
    ):
        built.con.execute(change).fetchall()

    checked(built, 10)

    columns = "total_records, valid_records, invalid_records, duplicate_records, null_records"
    rows = built.con.execute(
        f"select source_system, {columns}, quality_score from ops.data_quality_metric"
        " where source_system in ('orders', 'clickstream') order by source_system"
    ).fetchall()
    assert rows == [
        ("clickstream", 2602, 2599, 2, 1, 0, Decimal("99.88")),
        ("orders", 426, 422, 3, 0, 1, Decimal("99.06")),  # an upsert replaces, and is no double
    ]
