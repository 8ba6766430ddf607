"""What a run tells other programs about itself: its log, OpenLineage events, metrics.

Telling never fails a run: what cannot be told is a warning.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import duckdb

from c360.config import Settings
from c360.errors import C360Error
from c360.logs import log
from c360.openlineage import (
    Assertion,
    Facts,
    Json,
    TableInputs,
    Told,
    end_event,
    start_event,
    step_events,
)
from c360.prometheus import metrics_text
from c360.step import Context

MOST_BYTES = 32 * 1024 * 1024
"""At this size the file of events becomes `<name>.1`, whose earlier content goes."""

ReadLineage = Callable[[Settings], Mapping[str, TableInputs]]


class Telling:
    """What one run tells: `begin` at its start, `read` after its commit, then `end`."""

    def __init__(self, read_lineage: ReadLineage | None) -> None:
        self._read_lineage = read_lineage
        self._context: Context | None = None
        self._facts = Facts()
        self._metrics: str | None = None

    def begin(self, context: Context) -> None:
        """Tell that a run has begun."""
        self._context = context
        log.info("run started", extra={"command": context.command, "run": context.run})
        with _never_failing():
            _append(context, [start_event(_told(context))])

    def read(self, context: Context) -> None:
        """Read from the warehouse what is to be told; call it outside the transaction."""
        telemetry = context.settings.telemetry
        if telemetry.openlineage is not None:
            with _never_failing():
                self._facts = _facts(context, self._read_lineage)
        if telemetry.prometheus is not None and context.steps:
            with _never_failing():
                self._metrics = metrics_text(context.con)

    def end(self, error: BaseException | None = None) -> None:
        """Tell how a run has ended; nothing where it has not begun."""
        context = self._context
        if context is None:
            return
        now = datetime.now(UTC).replace(tzinfo=None)
        figures = {
            "command": context.command,
            "run": context.run,
            "seconds": round((now - context.started_at).total_seconds(), 6),
            "rows": sum(step.rows for step in context.steps),
        }
        if error is None:
            log.info("run finished", extra=figures)
        else:
            log.info("run failed", extra=figures | {"error": _message(error)})
        with _never_failing():
            told = _told(context)
            events = [e for step in context.steps for e in step_events(told, step, self._facts)]
            message = None if error is None else _message(error)
            _append(context, [*events, end_event(told, now, message)])
        path = context.settings.telemetry.prometheus
        if path is not None and self._metrics is not None:
            with _never_failing():
                _replace(context.workspace.root / path, self._metrics)


@contextmanager
def telling(read_lineage: ReadLineage | None) -> Iterator[Telling]:
    """Tell of the run inside, at its end also whether it went well."""
    told = Telling(read_lineage)
    try:
        yield told
    except BaseException as error:
        told.end(error)
        raise
    told.end()


@contextmanager
def _never_failing() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # whatever is wrong with telling, the run is well
        log.warning("the run could not tell of itself: %s", error)


def _told(context: Context) -> Told:
    settings = context.settings
    return Told(
        workspace=settings.name,
        command=context.command,
        run=context.run,
        as_of=context.as_of,
        started_at=context.started_at,
        version=version("c360"),
        engine=duckdb.__version__,
        feeds={name: source.path for name, source in settings.sources.items()},
        entities={name: source.entity for name, source in settings.sources.items()},
    )


def _message(error: BaseException) -> str:
    """Return what may be kept of an error: messages of others may quote the data."""
    return str(error) if isinstance(error, C360Error) else type(error).__name__


def _facts(context: Context, read_lineage: ReadLineage | None) -> Facts:
    written = {table for step in context.steps for table in (step.table, *step.also)}
    if not written:
        return Facts()
    schemas: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for table, column, type_ in context.con.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()"
        " where database_name = 'c360' order by table_name, column_index"
    ).fetchall():
        schemas[table].append((column, type_))
    is_checked = "ops.quality_check" in written
    return Facts(
        schemas=schemas,
        lineage={} if read_lineage is None else read_lineage(context.settings),
        assertions=_assertions(context.con, schemas) if is_checked else {},
    )


def _assertions(
    con: duckdb.DuckDBPyConnection, schemas: Mapping[str, Sequence[tuple[str, str]]]
) -> dict[str, list[Assertion]]:
    """Return the checks of the last `c360 check` by the tables they speak of."""
    columns = {name for name, _ in schemas["ops.quality_check"]}
    severity = "severity" if "severity" in columns else "null"
    tables = "tables" if "tables" in columns else "null"
    found: dict[str, list[Assertion]] = defaultdict(list)
    for name, value, threshold, status, explanation, rank, spoken_of in con.execute(
        f"select metric, value, threshold, status, explanation, {severity}, {tables}"
        " from ops.quality_check where status <> 'info' order by metric"
    ).fetchall():
        check = Assertion(name, status == "pass", rank, explanation, str(threshold), str(value))
        for table in spoken_of or ["gold.customer_360"]:
            found[table].append(check)
    return found


def _append(context: Context, events: Sequence[Json]) -> None:
    path = context.settings.telemetry.openlineage
    if path is None:
        return
    path = context.workspace.root / path
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > MOST_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))
    lines = "".join(f"{json.dumps(event, separators=(',', ':'))}\n" for event in events)
    with path.open("a", encoding="utf-8") as file:
        file.write(lines)


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all: who reads it meanwhile must not see half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
