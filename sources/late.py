"""Late rows: those that happened before others of their source which had already come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from c360.source import Source
from c360.sources.mapping import event_time_sql
from c360.sources.quoting import pattern_sql, text_sql
from c360.warehouse import has_rows


@dataclass(frozen=True, slots=True)
class _Batch:
    """A batch in force.

    `first_run` is the run in which its content first came, `newest` the time of its newest row that
    does not lie after `landed_at`.
    """

    source: str
    batch_id: str
    first_run: int
    landed_at: datetime
    newest: datetime | None
    is_measured: bool


def has_lateness(source: Source) -> bool:
    """Say whether the rows of a source can be late: they tell a time, and come when they happen.

    A snapshot restates what it has told before, and collapsed rows are one record only together.
    """
    return source.event_time is not None and not source.collapse and source.update != "snapshot"


def measure_lateness(
    con: duckdb.DuckDBPyConnection, name: str, source: Source, paths: Mapping[str, Path]
) -> None:
    """Write into ops.load how late the rows of new batches were.

    A row is late if it happened before the newest row that earlier runs had landed, and later than
    promised if by more than the `lateness` of the contract. The order of files that come in one run
    does not matter, nor what came with the same content before, nor a row dated after its landing.

    `paths` are the files of batches by id. Reads the temporary tables of find_superseded.
    """
    if not has_lateness(source):
        return
    for batch in _batches(con, name):
        if not batch.is_measured:
            # Read anew: what was measured just now may be earlier than this one.
            earlier = [each for each in _batches(con, name) if each.first_run < batch.first_run]
            _measure(con, source, batch, earlier, paths[batch.batch_id])


def _batches(con: duckdb.DuckDBPyConnection, name: str) -> list[_Batch]:
    """Return the batches in force by the run in which their content first came."""
    rows = con.execute(
        "select $source, load.batch_id, min(first.run) as first_run, any_value(load.landed_at),"
        " any_value(load.newest_event_time), count(load.late_rows) > 0"
        " from ops.load as load join ops.load as first using (source, content_hash)"
        " where source = $source and load.retired_in_run is null"
        " group by load.batch_id order by first_run, load.batch_id",
        {"source": name},
    ).fetchall()
    return [_Batch(*row) for row in rows]


def _measure(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    batch: _Batch,
    earlier: Sequence[_Batch],
    path: Path,
) -> None:
    known = [each.newest for each in earlier if each.newest is not None]
    watermark = max(known, default=None)
    is_told = "false"
    if watermark is not None and has_rows(con, "temp.repeated_key"):
        _find_told(con, earlier)
        is_told = "_row_hash in (select _row_hash from told_before)"
    measured = con.execute(
        "select max(event_time) filter (where event_time <= $landed_at),"
        " count(*) filter (where is_late),"
        " count(*) filter (where is_late and event_time < $promised),"
        " coalesce(date_diff('second', min(event_time) filter (where is_late), $watermark), 0)"
        f" from (select event_time, event_time < $watermark and not {is_told} as is_late"
        f" from (select _row_hash, {event_time_sql(source)} as event_time"
        f" from read_parquet({pattern_sql(path)}, hive_partitioning = false)))",
        {
            "landed_at": batch.landed_at,
            "watermark": watermark or datetime.min,
            "promised": (watermark - source.lateness) if watermark else datetime.min,
        },
    ).fetchall()[0]
    con.execute(
        "update ops.load set newest_event_time = $newest, late_rows = $late,"
        " later_than_promised = $beyond, longest_lag_seconds = $longest"
        " where source = $source and batch_id = $batch_id and retired_in_run is null",
        {
            **dict(zip(("newest", "late", "beyond", "longest"), measured, strict=True)),
            "source": batch.source,
            "batch_id": batch.batch_id,
        },
    ).fetchall()


def _find_told(con: duckdb.DuckDBPyConnection, earlier: Sequence[_Batch]) -> None:
    """Make temp.told_before: the content of earlier rows whose key came again."""
    ids = ", ".join(text_sql(each.batch_id) for each in earlier)
    con.execute(
        "create or replace temp table told_before as select distinct _row_hash from landed_version"
        f" semi join repeated_key using (key) where _batch_id in ({ids})"
    ).fetchall()
