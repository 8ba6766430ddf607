"""A run: one command's context, its one transaction, and the log of its steps."""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import duckdb

from c360.config_file import read_settings
from c360.errors import HeldRunError, MissingStepError
from c360.memory import peak_bytes, reset_peak, watching_spill
from c360.progress import progress
from c360.run_log import StepRun, log_step, record_steps
from c360.step import Context, Step
from c360.telling import ReadLineage, telling
from c360.warehouse import drop_scratch, open_warehouse, transaction
from c360.workspace import Workspace


def run_steps(context: Context, title: str, steps: Sequence[Step]) -> None:
    """Run the steps in their order, keep each in the context, and log them in ops.step."""
    before = len(context.steps)
    folder = context.con.execute("select current_setting('temp_directory')").fetchall()[0][0]
    with progress(title, len(steps)) as begin, watching_spill(Path(folder)) as spill_bytes:
        for step in steps:
            begin(step.table)
            _run_step(context, step, spill_bytes)
    record_steps(context.con, context.run, context.steps[before:])


def _run_step(context: Context, step: Step, spill_bytes: Callable[[], int]) -> None:
    """Run a step and keep in the context what it took, also where it fails."""
    reset_peak()
    spill_bytes()
    started_at, started = _now(), time.perf_counter()
    ended, rows = None, None
    try:
        step.build(context)
        drop_scratch(context.con)
        ended = time.perf_counter()
        rows = 0 if step.table.endswith("*") else _count(context.con, step.table)
    finally:
        ran = StepRun(
            table=step.table,
            reads=step.reads,
            also=step.also,
            started_at=started_at,
            seconds=(ended or time.perf_counter()) - started,
            rows=rows or 0,
            peak_bytes=peak_bytes(),
            spill_bytes=spill_bytes(),
            is_done=rows is not None,
        )
        context.steps.append(ran)
        log_step(context.run, context.command, ran)


@contextmanager
def writing(
    workspace: Workspace,
    command: str,
    as_of: datetime | None,
    *,
    is_full: bool = False,
    read_lineage: ReadLineage | None = None,
) -> Iterator[Context]:
    """Give a command its context: one run, one transaction, published at the end or not at all.

    A run that is held is logged, in a run of its own. What `read_lineage` finds of each table goes
    into the events that other programs read.
    """
    try:
        with (
            telling(read_lineage) as told,
            _transacting(workspace, command, as_of, is_full=is_full, tell=told.read) as context,
        ):
            told.begin(context)
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
    tell: Callable[[Context], object] | None = None,
) -> Iterator[Context]:
    """Give the context of a run of its own; `tell` may read what it has published."""
    settings = read_settings(workspace.config)
    now = _utc(as_of or settings.as_of or datetime.now(UTC))
    path = warehouse or workspace.warehouse
    started_at = _now()
    with (
        _no_empty_warehouse(path),
        open_warehouse(path, memory_limit=settings.memory_limit) as con,
    ):
        with transaction(con), _no_stray_batches(workspace):
            number = _begin_run(con, command, now, started_at)
            context = Context(con, settings, workspace, now, number, is_full, command, started_at)
            yield context
            con.execute(
                "update ops.run set finished_at = $now where run = $run",
                {"now": _now(), "run": number},
            ).fetchall()
        if tell is not None:
            tell(context)


def _begin_run(
    con: duckdb.DuckDBPyConnection, command: str, as_of: datetime, started_at: datetime
) -> int:
    """Add a run to ops.run; return its number."""
    number = int(con.execute("select coalesce(max(run), 0) + 1 from ops.run").fetchall()[0][0])
    con.execute(
        "insert into ops.run values ($run, $command, $as_of, $started_at, null, $version)",
        {
            "run": number,
            "command": command,
            "as_of": as_of,
            "started_at": started_at,
            "version": version("c360"),
        },
    ).fetchall()
    return number


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


def _now() -> datetime:
    """Return the moment as a log tells it: naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def _utc(moment: datetime) -> datetime:
    """Return a moment as the naive UTC that tables hold; one without a zone is UTC already."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"select count(*) from {table}").fetchall()[0][0])
