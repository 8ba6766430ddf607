"""A run: one command's context, its one transaction, and the log of its steps."""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import duckdb

from c360.config_file import read_settings
from c360.errors import HeldRunError, MissingStepError
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
def writing(
    workspace: Workspace, command: str, as_of: datetime | None, *, is_full: bool = False
) -> Iterator[Context]:
    """Give a command its context: one run, one transaction, published at the end or not at all.

    A run that is held is logged, in a run of its own.
    """
    try:
        with _transacting(workspace, command, as_of, is_full=is_full) as context:
            yield context
    except HeldRunError as held:
        with _transacting(workspace, f"{command} (held)", as_of) as context:
            context.con.execute(
                "insert into ops.held_run select $run, unnest($broken)",
                {"run": context.run, "broken": list(held.broken)},
            ).fetchall()
        raise


class _RehearsalOverError(Exception):
    """Ends the transaction of a rehearsal."""


@contextmanager
def rehearsing(
    workspace: Workspace, command: str, as_of: datetime | None, *, is_full: bool = False
) -> Iterator[Context]:
    """Give a command the context of `writing`, and take back all it writes to the workspace.

    It writes to a copy of the warehouse, because DuckDB writes much of a transaction to the file
    even where it is rolled back. Nobody else can write to the workspace meanwhile.
    """
    had_key = workspace.key_file.exists()
    try:
        with (
            _copied(workspace.warehouse) as copy,
            _transacting(workspace, command, as_of, is_full=is_full, warehouse=copy) as context,
        ):
            yield context
            raise _RehearsalOverError
    except _RehearsalOverError:
        pass
    finally:
        if not had_key:
            workspace.key_file.unlink(missing_ok=True)


@contextmanager
def _copied(warehouse: Path) -> Iterator[Path]:
    """Give a copy of a warehouse, in the same folder, for the time that nobody can write to it."""
    if not warehouse.exists():
        yield warehouse
        return
    copy = warehouse.with_name(f".{warehouse.name}.plan")
    log, log_copy = Path(f"{warehouse}.wal"), Path(f"{copy}.wal")
    try:
        with open_warehouse(warehouse, read_only=True):
            log_copy.unlink(missing_ok=True)
            if log.exists():
                shutil.copyfile(log, log_copy)
            shutil.copyfile(warehouse, copy)
        # Opened again: copying, which closes the file, has ended the lock on it.
        with open_warehouse(warehouse, read_only=True):
            yield copy
    finally:
        copy.unlink(missing_ok=True)
        log_copy.unlink(missing_ok=True)


@contextmanager
def _transacting(
    workspace: Workspace,
    command: str,
    as_of: datetime | None,
    *,
    is_full: bool = False,
    warehouse: Path | None = None,
) -> Iterator[Context]:
    settings = read_settings(workspace.config)
    now = _utc(as_of or settings.as_of or datetime.now(UTC))
    path = warehouse or workspace.warehouse
    with (
        _no_empty_warehouse(path),
        open_warehouse(path, memory_limit=settings.memory_limit) as con,
        transaction(con),
        _no_stray_batches(workspace),
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
        yield Context(con, settings, workspace, now, number, is_full)
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
def _no_stray_batches(workspace: Workspace) -> Iterator[None]:
    """Leave no batch behind, nor a folder made for it, where a command fails before its commit."""
    before = _tree(workspace.bronze)
    try:
        yield
    except BaseException:
        # What lies in a folder before the folder.
        for path in sorted(_tree(workspace.bronze) - before, reverse=True):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()
        raise


def _tree(folder: Path) -> set[Path]:
    """Return a folder and all that lies in it; nothing where there is no such folder."""
    return {folder, *folder.rglob("*")} if folder.exists() else set()


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
