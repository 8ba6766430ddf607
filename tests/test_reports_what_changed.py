from dataclasses import replace
from decimal import Decimal

import pytest

from c360.reports.quality_check import QualityCheck, Status
from c360.reports.what_changed import (
    Changes,
    FigureChange,
    read_changes,
    record_figures,
    segment_drift,
)
from c360.step import Context


def checked(context: Context, run: int, *changes: str, **statuses: str) -> Context:
    """Change the warehouse, and keep what a check of it in a run would keep."""
    own = replace(context, run=run)
    for change in changes:
        own.con.execute(change).fetchall()
    record_figures(own)
    own.con.execute(
        "create table if not exists ops.check_history"
        " (run integer, as_of timestamp, metric varchar, value decimal(18, 4), status varchar)"
    )
    for metric, status in statuses.items():
        own.con.execute(
            "insert into ops.check_history values (?, ?, ?, 0, ?)",
            [run, own.as_of, metric, status],
        )
    return own


def changes_of(context: Context, **statuses: Status) -> Changes:
    checks = [
        QualityCheck("identity", metric, Decimal(0), "at most 0", status, "")
        for metric, status in statuses.items()
    ]
    changes = read_changes(context, checks)
    assert changes is not None
    return changes


def test_the_first_check_has_nothing_to_compare_with(built):
    assert read_changes(checked(built, 3, a="pass"), []) is None


def test_checks_that_changed_their_status_are_named_the_gravest_first(built):
    checked(built, 3, a="pass", b="fail", c="pass")
    now = checked(built, 6, a="warn", b="pass", c="pass", d="fail")

    changes = changes_of(now, a="warn", b="pass", c="pass", d="fail")

    told = [(each.metric, each.before, each.now) for each in changes.statuses]
    assert told == [("d", "", "fail"), ("a", "pass", "warn"), ("b", "fail", "pass")]


def test_figures_are_compared_with_those_of_the_check_before(built):
    checked(built, 3)
    checked(built, 6)
    now = checked(
        built, 9, "update gold.kpi_summary set value = value + 5 where metric = 'customers'"
    )

    changes = changes_of(now)

    assert changes.since == 6
    assert changes.figures["customers"].difference == 5
    assert changes.figures["profiles"].difference == 0
    assert changes.figures["customers"].line is not None


def test_the_figures_of_a_run_are_kept_once(built):
    checked(built, 3)
    checked(built, 3)

    rows = built.con.execute("select count(*), count(distinct name) from ops.report_figure")
    kept, names = rows.fetchall()[0]
    assert kept == names > 0


def test_changes_of_customers_since_the_check_before_are_counted(built):
    checked(built, 3)
    now = checked(
        built,
        6,
        "insert into identity.change values (4, 'merged', 'c-a', 'c-b', '2 records'),"
        " (2, 'split', 'c-a', 'c-c', '1 record')",
    )

    assert changes_of(now).customers == {
        "new": 0, "merged": 1, "split": 0, "moved": 0, "retired": 0,
    }  # fmt: skip


def test_a_segment_that_comes_or_goes_shows_with_nought(built):
    checked(built, 3)
    now = checked(
        built, 6, "update gold.segment_summary set segment = 'regular' where segment = 'loyal'"
    )

    segments = changes_of(now).segments

    assert segments["loyal"].now == 0
    assert segments["regular"].before is None


@pytest.mark.parametrize(
    ("shares", "drift"),
    [
        ([(50, 50), (50, 50)], 0),
        ([(100, 50), (100, 50)], 0),  # twice as many, and distributed as before
        ([(50, 100), (50, 0)], Decimal("0.5")),
        ([(10, None)], None),
    ],
)
def test_drift_is_the_share_that_would_have_to_move(shares, drift):
    segments = [
        FigureChange(str(n), Decimal(now), None if was is None else Decimal(was), None)
        for n, (now, was) in enumerate(shares)
    ]

    assert segment_drift(segments) == drift
