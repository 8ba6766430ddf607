"""What the steps of a run did: rows of ops.step, lines of the log, and jobs of OpenLineage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from c360.logs import log


@dataclass(frozen=True, slots=True)
class StepRun:
    """A step that has run.

    `started_at` is naive UTC. `rows` are those of the step's table afterwards; `peak_bytes` is the
    most resident memory, None where the system does not tell; `spill_bytes` the most that lay in
    DuckDB's temporary folder. A step that failed has `is_done` false and no rows.
    """

    table: str
    reads: tuple[str, ...]
    also: tuple[str, ...]
    started_at: datetime
    seconds: float
    rows: int
    peak_bytes: int | None
    spill_bytes: int
    is_done: bool = True


def record_steps(con: duckdb.DuckDBPyConnection, run: int, steps: Sequence[StepRun]) -> None:
    """Add steps to ops.step."""
    con.execute(
        "insert into ops.step by name select $run as run, unnest($step) as step,"
        " unnest($seconds) as seconds, unnest($rows) as rows,"
        " unnest(cast($peak_bytes as bigint[])) as peak_bytes, unnest($spill_bytes) as spill_bytes",
        {
            "run": run,
            "step": [step.table for step in steps],
            "seconds": [step.seconds for step in steps],
            "rows": [step.rows for step in steps],
            "peak_bytes": [step.peak_bytes for step in steps],
            "spill_bytes": [step.spill_bytes for step in steps],
        },
    ).fetchall()


def log_step(run: int, command: str, step: StepRun) -> None:
    """Tell the log of a step that is over."""
    log.info(
        "step finished" if step.is_done else "step failed",
        extra={
            "command": command,
            "run": run,
            "step": step.table,
            "seconds": round(step.seconds, 6),
            "rows": step.rows,
            "peak_bytes": step.peak_bytes,
            "spill_bytes": step.spill_bytes,
        },
    )
