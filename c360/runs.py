"""A run: one command's context, its one transaction, and the log of its steps."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import duckdb

from c360.config_file import read_settings
from c360.errors import MissingStepError
from c360.memory import peak_bytes, reset_peak
from c360.progress import progress
from c360.step import Context, Step
from c360.warehouse import drop_scratch, open_warehouse, transaction
from c360.workspace import Workspace


def run_steps(context: Context, title: str, steps: Sequence[Step]) -> None:
    """Run the steps in their order and log each in ops.step."""
    con = context.con
    with progress(title, len(steps)) as begin:
        for step in steps:
            begin(step.table)
            reset_peak()
            started = time.perf_counter()
            step.build(context)
            drop_scratch(con)
            seconds = time.perf_counter() - started
            rows = 0 if step.table.endswith("*") else _count(con, step.table)
            con.execute(
                "insert into ops.step values ($run, $step, $seconds, $rows, $peak_bytes)",
                {
                    "run": context.run,
                    "step": step.table,
                    "seconds": seconds,
                    "rows": rows,
                    "peak_bytes": peak_bytes(),
                },
            ).fetchall()


@contextmanager
def writing(workspace: Workspace, command: str, as_of: datetime | None) -> Iterator[Context]:
    """Give a command its context: one run, one transaction, published at the end or not at all."""
    settings = read_settings(workspace.config)
    now = _utc(as_of or settings.as_of or datetime.now(UTC))
    with (
        _no_empty_warehouse(workspace.warehouse),
        open_warehouse(workspace.warehouse, memory_limit=settings.memory_limit) as con,
        transaction(con),
    ):
        number = int(con.execute("select coalesce(max(run), 0) + 1 from ops.run").fetchall()[0][0])
        con.execute(
            "insert into ops.run values ($run, $command, $as_of, $started_at, null, $version)",
            {
                "run": number,
                "command": command,
                "as_of": now,
                "started_at": _utc(datetime.now(UTC)),
                "version": version("c360"),
            },
        ).fetchall()
        yield Context(con, settings, workspace, now, number)
        con.execute(
            "update ops.run set finished_at = $now where run = $run",
            {"now": _utc(datetime.now(UTC)), "run": number},
        ).fetchall()


@contextmanager
def _no_empty_warehouse(path: Path) -> Iterator[None]:
    """Leave no warehouse behind where the first command of a workspace fails."""
    is_new = not path.exists()
    try:
        yield
    except BaseException:
        if is_new:
            path.unlink(missing_ok=True)
        raise


@contextmanager
def reading(workspace: Workspace, as_of: datetime | None = None) -> Iterator[Context]:
    """Give a command that writes no table its context: the last run, read only."""
    settings = read_settings(workspace.config)
    if not workspace.warehouse.exists():
        raise MissingStepError(f"there is no {workspace.warehouse}", "c360 resolve")
    with open_warehouse(
        workspace.warehouse, memory_limit=settings.memory_limit, read_only=True
    ) as con:
        number, last = con.execute("select max(run), max(as_of) from ops.run").fetchall()[0]
        now = _utc(as_of or settings.as_of or last)
        yield Context(con, settings, workspace, now, number)


def _utc(moment: datetime) -> datetime:
    """Return a moment as the naive UTC that tables hold; one without a zone is UTC already."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"select count(*) from {table}").fetchall()[0][0])
