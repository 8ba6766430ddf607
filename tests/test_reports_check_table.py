import json
from collections.abc import Iterator
from decimal import Decimal

import pytest

from c360.reports.check_table import (
    COLUMNS,
    LETTERS,
    WITH_ROWS,
    CheckTable,
    marks_of,
    read_check_table,
)
from c360.reports.quality_check import QualityCheck, Severity, Status
from c360.reports.sparkline import sparkline
from c360.step import Context
from tests.reports_warehouse import built_warehouse


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    with built_warehouse(tmp_path_factory.mktemp("sound")) as context:
        context.con.execute(
            "create table ops.check_history"
            " (run integer, as_of timestamp, metric varchar, value decimal(18, 4), status varchar)"
        )
        context.con.execute(
            "create table ops.failing_row"
            " (metric varchar, position integer, key varchar, cells varchar)"
        )
        yield context


@pytest.fixture
def built(sound: Context) -> Iterator[Context]:
    """A sound warehouse; what a test breaks is undone."""
    sound.con.execute("begin")
    yield sound
    sound.con.execute("rollback")


def a_check(
    metric: str = "gap_count",
    status: Status = "pass",
    *,
    family: str = "identity",
    threshold: str = "at most 0",
    severity: Severity | None = "error",
) -> QualityCheck:
    return QualityCheck(family, metric, Decimal(1), threshold, status, "Says so.", severity)


def metrics(table: CheckTable) -> list[str]:
    return [line.check.metric for line in table.lines]


@pytest.mark.parametrize(
    ("check", "levels"),
    [
        (a_check(), ("off", "set", "off")),
        (a_check(status="fail"), ("off", "hit", "off")),
        (a_check(status="fail", severity="critical"), ("off", "off", "hit")),
        (a_check(status="warn", severity="warn"), ("hit", "off", "off")),
        (a_check(threshold="warn from 1, fail from 5"), ("set", "set", "off")),
        (a_check(status="warn", threshold="warn from 1, fail from 5"), ("hit", "set", "off")),
        (a_check(status="fail", threshold="warn from 1, fail from 5"), ("hit", "hit", "off")),
        (a_check(status="info", threshold="none", severity=None), ("off", "off", "off")),
        (a_check(severity=None), ("off", "set", "off")),  # of a version without severities
    ],
)
def test_a_check_reaches_the_levels_that_are_set_for_it(check, levels):
    assert marks_of(check) == levels


def test_of_too_many_checks_the_gravest_are_shown_and_the_others_counted(built):
    checks = [
        *(a_check(f"p{i}") for i in range(5)),
        a_check("w", "warn", family="money"),
        *(a_check(f"i{i}", "info", family="drift") for i in range(3)),
        a_check("f", "fail"),
    ]

    table = read_check_table(built.con, checks, most=4)

    assert metrics(table) == ["p0", "p1", "w", "f"]
    assert table.hidden == {"pass": 3, "info": 3}
    assert {each.family.name: dict(each.hidden) for each in table.tallies} == {
        "identity": {"pass": 3},
        "money": {},
        "drift": {"info": 3},
    }


def test_a_critical_check_keeps_its_place_among_errors_that_stand_before_it(built):
    checks = [a_check(f"e{i}", "fail") for i in range(WITH_ROWS + 1)]
    checks.append(a_check("c", "fail", severity="critical"))
    built.con.execute("insert into ops.failing_row values ('c', 1, 'k', '{}')")

    few = read_check_table(built.con, checks, most=2)
    lines = {line.check.metric: line for line in read_check_table(built.con, checks).lines}

    assert metrics(few) == ["e0", "c"]
    assert lines["c"].failing is not None


def test_failing_checks_beyond_the_limit_are_counted_too(built):
    checks = [a_check(f"f{i}", "fail") for i in range(7)]

    assert read_check_table(built.con, checks, most=4).hidden == {"fail": 3}


def test_rows_that_break_a_check_stand_under_it_cut_to_what_fits(built):
    cells = {f"c{i}": "x" * 200 for i in range(12)}
    built.con.execute("insert into ops.failing_row values ('f', 1, 'k', ?)", [json.dumps(cells)])

    table = read_check_table(built.con, [a_check("f", "fail"), a_check("p")])

    failing = table.lines[0].failing
    assert failing is not None
    assert len(failing.columns) == COLUMNS
    assert {len(cell) for cell in failing.rows[0]} == {LETTERS}
    assert table.lines[1].failing is None


def test_the_line_of_a_check_shows_its_last_runs(built):
    built.con.execute(
        "insert into ops.check_history"
        " select i, timestamp '2026-01-01' + to_days(cast(i as integer)), 'p', i, 'pass'"
        " from range(200) t(i)"
    )

    (line,) = read_check_table(built.con, [a_check("p")]).lines

    assert line.line is not None
    assert (line.line.runs, line.line.least, line.line.most) == (30, 170, 199)


@pytest.mark.parametrize("values", [[], [Decimal(1)], [None, Decimal(1), None]])
def test_a_line_needs_two_values(values):
    assert sparkline(values) is None
