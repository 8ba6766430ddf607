"""What the last run of each step cost, and what the last runs were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from c360.reports.rows_by_name import rows_by_name
from c360.step import Step
from c360.warehouse import has_table

RUNS = 12
"""Runs that are listed, the last of them."""
SLOWEST = 10
"""Steps that are drawn; all of them are in the table."""


@dataclass(frozen=True, slots=True)
class StepCost:
    """What the last run of a step took. `peak_bytes` and `spill_bytes` are None if nobody told."""

    step: str
    run: int
    seconds: float
    rows: int
    peak_bytes: int | None
    spill_bytes: int | None


@dataclass(frozen=True, slots=True)
class RunTime:
    """A command that has run. `seconds` is None where it has not ended."""

    run: int
    command: str
    as_of: datetime
    seconds: float | None
    peak_bytes: int | None


@dataclass(frozen=True, slots=True)
class RunLog:
    """The log. `costs` is by step, `slowest` are some of them; both differ from run to run."""

    costs: dict[str, StepCost]
    slowest: tuple[StepCost, ...]
    runs: tuple[RunTime, ...]
    runs_total: int
    seconds: float


def read_run_log(con: duckdb.DuckDBPyConnection, steps: Sequence[Step]) -> RunLog:
    """Read what the steps of the flow took when each ran last."""
    costs = _costs(con)
    own = [costs[step.table] for step in steps if step.table in costs]
    runs = _runs(con)
    return RunLog(
        costs=costs,
        slowest=tuple(sorted(own, key=lambda cost: (-cost.seconds, cost.step))[:SLOWEST]),
        runs=tuple(runs[:RUNS]),
        runs_total=len(runs),
        seconds=sum(cost.seconds for cost in own),
    )


def _costs(con: duckdb.DuckDBPyConnection) -> dict[str, StepCost]:
    return {
        row["step"]: StepCost(
            step=row["step"],
            run=row["run"],
            seconds=row["seconds"],
            rows=row["rows"],
            peak_bytes=row.get("peak_bytes"),
            spill_bytes=row.get("spill_bytes"),
        )
        for row in rows_by_name(
            con,
            "ops.step",
            "qualify row_number() over (partition by step order by run desc, rowid desc) = 1",
        )
    }


def _runs(con: duckdb.DuckDBPyConnection) -> list[RunTime]:
    if not has_table(con, "ops.run"):
        return []
    rows = con.execute(
        "select run, command, as_of, date_diff('millisecond', started_at, finished_at) / 1000,"
        " (select max(peak_bytes) from ops.step where step.run = run.run)"
        " from ops.run order by run desc"
    ).fetchall()
    return [RunTime(*row) for row in rows]
