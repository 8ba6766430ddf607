"""What changed since the last check: customers, checks, figures, segments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import duckdb

from c360.reports.quality_check import QualityCheck
from c360.reports.query import query
from c360.reports.rows_by_name import rows_by_name
from c360.reports.sparkline import RUNS, Sparkline, sparkline
from c360.step import Context
from c360.warehouse import has_table

SHOWN = 12
"""Checks and moves between segments that are named; the rest are counted."""
KEPT = 400
"""Runs, of whatever command, for which figures are kept."""

_RECORDED = """
select $run, $as_of, 'kpi.' || metric, value from gold.kpi_summary
union all
select $run, $as_of, 'segment.' || segment, customers from gold.segment_summary
"""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure now and at the check before; `before` is None where there was no such figure."""

    name: str
    now: Decimal
    before: Decimal | None
    line: Sparkline | None

    @property
    def difference(self) -> Decimal | None:
        """What it rose by."""
        return None if self.before is None else self.now - self.before


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A check whose status is another than before; empty: it did not exist."""

    metric: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class SegmentMove:
    """How many customers went from one segment to another."""

    from_segment: str
    to_segment: str
    customers: int


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes since the check of run `since`.

    `customers` counts the changes of the graph by kind. `segment_drift` is the share of customers,
    0 to 1, that would have to change their segment for the distribution to be the one before.
    """

    since: int
    since_as_of: datetime
    customers: dict[str, int]
    statuses: tuple[StatusChange, ...]
    statuses_total: int
    figures: dict[str, FigureChange]
    segments: dict[str, FigureChange]
    segment_drift: Decimal | None
    moves: tuple[SegmentMove, ...]


def record_figures(context: Context) -> None:
    """Add the key figures and the sizes of the segments to ops.report_figure.

    Columns: run, as_of, name, value. Grain: (run, name). The last KEPT runs are kept.
    """
    con = context.con
    con.execute(
        "create table if not exists ops.report_figure"
        " (run integer, as_of timestamp, name varchar, value decimal(18, 4))"
    ).fetchall()
    con.execute(
        "delete from ops.report_figure where run = $run or run <= $run - $kept",
        {"run": context.run, "kept": KEPT},
    ).fetchall()
    if has_table(con, "gold.kpi_summary") and has_table(con, "gold.segment_summary"):
        con.execute(
            f"insert into ops.report_figure {_RECORDED}",
            {"run": context.run, "as_of": context.as_of},
        ).fetchall()


def read_changes(context: Context, checks: Sequence[QualityCheck]) -> Changes | None:
    """Compare the last check with the one before; None where there was none."""
    con = context.con
    runs = _runs(con)
    if len(runs) < 2:  # noqa: PLR2004 - this one and the one before
        return None
    since = sorted(runs)[-2]
    before = {
        row["metric"]: row["status"]
        for row in rows_by_name(con, "ops.check_history", "where run = $run", run=since)
    }
    statuses = [
        StatusChange(check.metric, before.get(check.metric, ""), check.status)
        for check in checks
        if before and before.get(check.metric, "") != check.status
    ]
    kept = sorted(runs)[-RUNS:]
    values: dict[str, dict[int, Decimal]] = {}
    for row in rows_by_name(
        con, "ops.report_figure", "where run >= $first order by name", first=kept[0]
    ):
        values.setdefault(row["name"], {})[row["run"]] = row["value"]
    segments = _changed(values, "segment.", kept, since)
    return Changes(
        since=since,
        since_as_of=runs[since],
        customers=_customers(con, since),
        statuses=tuple(sorted(statuses, key=_gravity)[:SHOWN]),
        statuses_total=len(statuses),
        figures=_changed(values, "kpi.", kept, since),
        segments=segments,
        segment_drift=segment_drift(list(segments.values())),
        moves=_moves(con, since),
    )


def segment_drift(segments: Sequence[FigureChange]) -> Decimal | None:
    """Return half the sum of the differences of the segments' shares; None without any before.

    >>> half, whole = Decimal(50), Decimal(100)
    >>> segment_drift([FigureChange("a", half, whole, None), FigureChange("b", half, None, None)])
    Decimal('0.5')
    """
    zero = Decimal(0)
    now = sum((segment.now for segment in segments), zero)
    before = sum((segment.before or zero for segment in segments), zero)
    if not now or not before:
        return None
    differences = (
        abs(segment.now / now - (segment.before or zero) / before) for segment in segments
    )
    return sum(differences, zero) / 2


def _runs(con: duckdb.DuckDBPyConnection) -> dict[int, datetime]:
    """Return the moment of each check so far by its run."""
    tables = [
        table for table in ("ops.check_history", "ops.report_figure") if has_table(con, table)
    ]
    return {
        run: as_of
        for table in tables
        for run, as_of in con.execute(f"select distinct run, as_of from {table}").fetchall()
    }


def _changed(
    values: dict[str, dict[int, Decimal]], prefix: str, runs: Sequence[int], since: int
) -> dict[str, FigureChange]:
    """Return the figures of a prefix by their name; one that is gone is nought now."""
    last = runs[-1]
    return {
        name.removeprefix(prefix): FigureChange(
            name.removeprefix(prefix),
            own.get(last, Decimal(0)),
            own.get(since),
            sparkline([own.get(run) for run in runs]),
        )
        for name, own in values.items()
        if name.startswith(prefix) and (last in own or since in own)
    }


def _customers(con: duckdb.DuckDBPyConnection, since: int) -> dict[str, int]:
    rows = con.execute(
        "select kind, count(*) from identity.change where run > $since group by kind",
        {"since": since},
    ).fetchall()
    found = dict(rows)
    return {kind: found.get(kind, 0) for kind in ("new", "merged", "split", "moved", "retired")}


def _moves(con: duckdb.DuckDBPyConnection, since: int) -> tuple[SegmentMove, ...]:
    if not has_table(con, "gold.segment_change"):
        return ()
    return tuple(SegmentMove(*row) for row in query(con, "segment_move", since=since, shown=SHOWN))


def _gravity(change: StatusChange) -> tuple[int, str]:
    return (("fail", "warn", "pass", "info").index(change.now), change.metric)
