"""Landing: every configured source's files become batches in bronze, all of them or none."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from c360.config import Settings
from c360.errors import ConfigurationError, DriftError, FeedError
from c360.progress import Report, silent
from c360.source import Source
from c360.sources.batch import Draft, make_batch, remake_batch
from c360.sources.contract import collapse_problems, fingerprint
from c360.sources.drift import (
    Columns,
    Known,
    create_change_table,
    find_drift,
    frozen_problems,
    known_columns,
    record_drift,
)
from c360.sources.feed import Feed, find_feeds
from c360.sources.feed_check import check_feeds
from c360.sources.incremental_load import (
    begin_landing,
    create_incremental_load_table,
    end_landing,
)
from c360.sources.late import measure_lateness
from c360.sources.loads import (
    Load,
    batch_id_of,
    create_load_table,
    loads_in_force,
    record_load,
    retire,
)
from c360.sources.mapping import expression_problems
from c360.sources.plan import Plan, make_plan
from c360.sources.rejects import (
    create_reject_table,
    keep_rejects,
    record_rejects,
)
from c360.sources.superseded import create_superseded_tables, find_superseded
from c360.sources.views import drop_views_except, show_batches, show_current
from c360.step import Context
from c360.warehouse import has_table


@dataclass(frozen=True, slots=True)
class Landed:
    """What landing did for a source: the rows of files landed now; `skipped` files were known."""

    source: str
    files: int
    read: int
    landed: int
    rejected: int
    skipped: int


@dataclass(frozen=True, slots=True)
class _Job:
    """One source to land.

    `reader` reads files outside the transaction, which an error would end; `written` collects the
    batch files of this run.
    """

    context: Context
    reader: duckdb.DuckDBPyConnection
    name: str
    source: Source
    written: list[Path]
    tell: Report


def land(context: Context, on_progress: Report = silent) -> tuple[Landed, ...]:
    """Land what is new at the sources, inside the caller's transaction.

    Writes ops.load, ops.incremental_load, ops.reject, ops.schema_change, bronze.superseded_row, the
    views bronze.<source> and bronze.<source>__current, and a Parquet file per batch. `on_progress`
    is told what is read.

    Raises:
        ConfigurationError: an expression of the configuration is not SQL.
        FeedError: with every problem of every source; the batches written are removed again. It is
            a DriftError where columns that are frozen are the only ones.
    """
    if wrong := _configuration_problems(context.settings):
        raise ConfigurationError(context.workspace.config, wrong)
    create_load_table(context.con)
    create_incremental_load_table(context.con)
    create_reject_table(context.con)
    create_superseded_tables(context.con)
    create_change_table(context.con)
    results: list[Landed] = []
    problems: list[str] = []
    drifted: list[str] = []
    written: list[Path] = []
    with _reader(context.con) as reader:
        for name, source in context.settings.sources.items():
            try:
                job = _Job(context, reader, name, source, written, on_progress)
                results.append(_land_source(job))
            except DriftError as error:
                drifted += error.problems
            except FeedError as error:
                problems += error.problems
    if problems or drifted:
        for batch in written:
            batch.unlink(missing_ok=True)
        raise FeedError([*problems, *drifted]) if problems else DriftError(drifted)
    drop_views_except(context.con, context.settings.sources)
    return tuple(results)


def _configuration_problems(settings: Settings) -> list[str]:
    problems = expression_problems(settings)
    if not problems:
        for name, source in settings.sources.items():
            problems += collapse_problems(name, source)
    return problems


@contextmanager
def _reader(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    reader = con.cursor()
    try:
        reader.execute("set TimeZone = 'UTC'").fetchall()
        reader.execute("set enable_progress_bar = false").fetchall()
        # It would move an expression that stands twice out of try(): one bad row would stop all.
        reader.execute("set disabled_optimizers = 'common_subexpressions'").fetchall()
        yield reader
    finally:
        reader.execute("reset disabled_optimizers").fetchall()
        reader.close()


def _land_source(job: _Job) -> Landed:
    context, name, source = job.context, job.name, job.source
    feeds = find_feeds(name, source, context.workspace.root)
    before = loads_in_force(context.con, name)
    contract = fingerprint(context.settings, name)
    on_disk = {load.batch_id for load in before if _path(job, load).is_file()}
    plan = make_plan(
        feeds, before, contract, is_snapshot=source.update == "snapshot", on_disk=on_disk
    )
    landing = (
        None
        if plan.is_empty
        else begin_landing(
            context.con, name, source, plan.retired, contract=contract, on_disk=on_disk
        )
    )
    known = known_columns(context.con, name)
    made, columns = _make_batches(job, plan, known)
    _judge_drift(job, known, plan.new, columns)
    in_force = loads_in_force(context.con, name)
    check_feeds(context, name, source, feeds, in_force)
    if not plan.is_empty or not has_table(context.con, f"bronze.{name}__current"):
        show_batches(context.con, context.workspace, name, in_force)
        is_anew = plan.retired or len(made) == len(in_force)
        added = None if is_anew else {load.batch_id for load in made}
        find_superseded(
            context.con,
            name,
            source,
            added,
            most_conflicting=context.settings.checks.reject_share.fail,
        )
        paths = {load.batch_id: _path(job, load) for load in in_force}
        measure_lateness(context.con, name, source, paths)
        show_current(context.con, name, source)
    if landing is not None:
        end_landing(context.con, landing, made, context.run)
    return Landed(
        source=name,
        files=len(feeds),
        read=sum(load.rows_read for load in made),
        landed=sum(load.rows_landed for load in made),
        rejected=sum(load.rows_rejected for load in made),
        skipped=len(feeds) - len(plan.new),
    )


def _judge_drift(
    job: _Job, known: Known, feeds: Sequence[Feed], columns: Sequence[Columns]
) -> None:
    """Write what has changed in the columns; raise a DriftError where they are frozen."""
    is_sparse = any(feed.format == "jsonl" for feed in feeds)
    handling = job.source.on_drift
    changes = find_drift(known, columns, is_sparse=is_sparse)
    if changes and handling == "freeze":
        raise DriftError(frozen_problems(job.name, changes))
    record_drift(job.context.con, job.context.run, job.name, changes, handling)


def _make_batches(job: _Job, plan: Plan, known: Known) -> tuple[list[Load], list[Columns]]:
    """Carry out a plan; return the batches, and the columns of each new feed.

    Raises:
        FeedError: with all problems of the feeds.
    """
    con, reader, settings = job.context.con, job.reader, job.context.settings
    made: list[Load] = []
    columns: list[Columns] = []
    problems: list[str] = []
    for load in plan.again:
        contract = fingerprint(settings, load.source)
        keep_rejects(con, load, batch_id_of(load.content_hash, contract))
    retire(con, plan.retired, job.context.run)
    for feed in plan.new:
        job.tell(feed.name)
        with _collected(problems), _draft(job) as draft:
            load, found = make_batch(reader, feed, settings, job.context.as_of, draft, known=known)
            columns.append(found)
            made.append(_put_in_force(job, load, draft))
    for old in plan.again:
        job.tell(old.file)
        with _collected(problems), _draft(job) as draft:
            _require_batch(job, old)
            load = remake_batch(reader, old, _path(job, old), settings, draft)
            made.append(_put_in_force(job, load, draft))
    if problems:
        raise FeedError(problems)
    return made, columns


def _require_batch(job: _Job, load: Load) -> None:
    if not _path(job, load).is_file():
        workspace = job.context.workspace
        batch = workspace.batch(job.name, load.batch_id).relative_to(workspace.root)
        msg = (
            f"sources.{job.name}: {batch.as_posix()} is gone, and {load.file} that it was made of"
            " has changed or gone too; put one of them back"
        )
        raise FeedError([msg])


def _put_in_force(job: _Job, load: Load, draft: Draft) -> Load:
    path = _path(job, load)
    draft.batch.replace(path)
    job.written.append(path)
    record_load(job.context.con, load, job.context.run)
    if load.rows_rejected:
        record_rejects(job.context.con, load, draft.bad_rows)
    return load


@contextmanager
def _collected(problems: list[str]) -> Iterator[None]:
    try:
        yield
    except FeedError as error:
        problems += error.problems


@contextmanager
def _draft(job: _Job) -> Iterator[Draft]:
    """Give an empty folder beside the batches, and clear it away."""
    folder = job.context.workspace.batch(job.name, "x").parent.absolute() / ".draft"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield Draft(folder)
    finally:
        shutil.rmtree(folder)


def _path(job: _Job, load: Load) -> Path:
    return job.context.workspace.batch(job.name, load.batch_id).absolute()
