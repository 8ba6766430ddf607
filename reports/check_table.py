"""The table of the checks: which are shown, what each may come to, and the rows that break it."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import duckdb

from c360.reports.catalogue import Family, families
from c360.reports.quality_check import STATUSES, QualityCheck, Status, gravest_first
from c360.reports.rows_by_name import rows_by_name
from c360.reports.sparkline import RUNS, Sparkline, sparkline

SHOWN = 250
"""Checks that the page shows; the CSV has all of them."""
ROWS = 20
"""Failing rows that a check shows."""
WITH_ROWS = 40
"""Checks that show failing rows, the gravest of them."""
COLUMNS = 8
"""Columns of a failing row that are shown."""
LETTERS = 80
"""Letters of a cell that are shown."""

Mark = Literal["off", "set", "hit"]
"""A level is not set; it is set and not reached; it is reached."""


@dataclass(frozen=True, slots=True)
class FailingRows:
    """The first rows that break a check: the names of their cells, and the cells of each."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check in the table. `warn`, `error` and `critical` are the levels that it can reach."""

    check: QualityCheck
    family: Family
    warn: Mark
    error: Mark
    critical: Mark
    line: Sparkline | None
    failing: FailingRows | None


@dataclass(frozen=True, slots=True)
class FamilyTally:
    """How many checks of a family have each status, and how many of these are not shown."""

    family: Family
    counts: Mapping[Status, int]
    hidden: Mapping[Status, int]

    @property
    def status(self) -> Status:
        """The most severe status of the family."""
        return next(status for status in STATUSES if self.counts.get(status))


@dataclass(frozen=True, slots=True)
class CheckTable:
    """The checks that are shown, in the order of the report, and what there is beside them."""

    lines: tuple[CheckLine, ...]
    tallies: tuple[FamilyTally, ...]
    counts: Mapping[Status, int]
    hidden: Mapping[Status, int]
    consumers: tuple[str, ...]


def read_check_table(
    con: duckdb.DuckDBPyConnection, checks: Sequence[QualityCheck], *, most: int = SHOWN
) -> CheckTable:
    """Lay out the checks, of too many the gravest.

    Reads ops.check_history and ops.failing_row, where the warehouse has them.
    """
    shown = _shown(checks, most)
    by_metric = {check.metric for check in shown}
    hidden = [check for check in checks if check.metric not in by_metric]
    history = _history(con, shown)
    failing = _failing(con, _gravest(shown))
    titles = {family.name: family for family in families()}
    groups = {name: titles.get(name) or Family(name, name, "", {}) for name in _names(checks)}
    return CheckTable(
        lines=tuple(
            CheckLine(
                check,
                groups[check.family],
                *marks_of(check),
                line=sparkline(history.get(check.metric, ())),
                failing=failing.get(check.metric),
            )
            for check in shown
        ),
        tallies=tuple(
            FamilyTally(
                family,
                Counter(check.status for check in checks if check.family == name),
                Counter(check.status for check in hidden if check.family == name),
            )
            for name, family in groups.items()
        ),
        counts=Counter(check.status for check in checks),
        hidden=Counter(check.status for check in hidden),
        consumers=tuple(sorted({name for check in shown for name in check.consumers})),
    )


def marks_of(check: QualityCheck) -> tuple[Mark, Mark, Mark]:
    """Return what the levels warn, error and critical of a check are.

    A check of a version that had no severities fails at the level error.
    """
    is_band = check.threshold.startswith("warn from")
    severity = check.severity or (None if check.status == "info" else "error")
    warn: Mark = "set" if is_band or severity == "warn" else "off"
    if warn == "set" and check.status in ("warn", "fail"):
        warn = "hit"
    reached: Mark = "hit" if check.status == "fail" else "set"
    return (
        warn,
        reached if severity == "error" else "off",
        reached if severity == "critical" else "off",
    )


def _names(checks: Iterable[QualityCheck]) -> list[str]:
    return list(dict.fromkeys(check.family for check in checks))


def _shown(checks: Sequence[QualityCheck], most: int) -> list[QualityCheck]:
    chosen = {check.metric for check in gravest_first(checks)[:most]}
    return [check for check in checks if check.metric in chosen]


def _gravest(checks: Sequence[QualityCheck]) -> list[str]:
    grave = gravest_first(check for check in checks if check.status in ("fail", "warn"))
    return [check.metric for check in grave[:WITH_ROWS]]


def _history(
    con: duckdb.DuckDBPyConnection, checks: Sequence[QualityCheck]
) -> dict[str, list[Decimal | None]]:
    """Return the values of each check over the last runs of `c360 check`; None: not measured."""
    rows = rows_by_name(
        con,
        "ops.check_history",
        "where metric in (select unnest($metrics)) and run in"
        " (select distinct run from ops.check_history order by run desc limit $runs)",
        metrics=[check.metric for check in checks],
        runs=RUNS,
    )
    place = {run: number for number, run in enumerate(sorted({row["run"] for row in rows}))}
    values: dict[str, list[Decimal | None]] = {}
    for row in rows:
        own = values.setdefault(row["metric"], [None] * len(place))
        own[place[row["run"]]] = row["value"]
    return values


def _failing(con: duckdb.DuckDBPyConnection, metrics: Sequence[str]) -> dict[str, FailingRows]:
    rows = rows_by_name(
        con,
        "ops.failing_row",
        "where metric in (select unnest($metrics)) and position <= $rows order by position, key",
        metrics=list(metrics),
        rows=ROWS,
    )
    found: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        found.setdefault(row["metric"], []).append(json.loads(row["cells"]))
    return {metric: _laid_out(own[:ROWS]) for metric, own in found.items()}


def _laid_out(rows: Sequence[Mapping[str, object]]) -> FailingRows:
    columns = tuple(dict.fromkeys(name for row in rows for name in row))[:COLUMNS]
    return FailingRows(
        columns, tuple(tuple(_clipped(row.get(name)) for name in columns) for row in rows)
    )


def _clipped(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"
