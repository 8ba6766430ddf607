"""Making a batch: the good rows of one feed under one contract, as one Parquet file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

from c360.config import Settings
from c360.errors import FeedError
from c360.source import Source
from c360.sources.contract import fingerprint, missing_columns, needed_columns, required_columns
from c360.sources.drift import Columns, Known
from c360.sources.feed import Feed
from c360.sources.header import read_header
from c360.sources.judging import judge
from c360.sources.loads import Load, batch_id_of
from c360.sources.quoting import name_sql, text_sql
from c360.sources.reading import (
    Rows,
    parquet_columns,
    read_batch,
    read_csv,
    read_jsonl,
    read_parquet,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A folder for what is being written: the batch, its bad rows, and files between."""

    folder: Path

    @property
    def batch(self) -> Path:
        """The good rows."""
        return self.folder / "batch.parquet"

    @property
    def bad_rows(self) -> Path:
        """The rejected rows: row_number, reason, raw."""
        return self.folder / "bad_rows.parquet"


def make_batch(
    reader: duckdb.DuckDBPyConnection,
    feed: Feed,
    settings: Settings,
    as_of: datetime,
    draft: Draft,
    *,
    known: Known,
) -> tuple[Load, Columns]:
    """Write the batch of a feed to the draft, and its bad rows; return also the feed's columns.

    Where rows with a value in a new column are rejected, the batch is without that column.

    Raises:
        FeedError: the feed cannot be read, or lacks a column.
    """
    source = settings.sources[feed.source]
    rows = _read(reader, feed, source, draft)
    columns = dict(zip(rows.columns, _types(reader, rows), strict=True))
    unknown = known.unknown(source, columns) if source.on_drift == "reject_row" else ()
    rows = replace(rows, columns=tuple(each for each in rows.columns if each not in unknown))
    contract = fingerprint(settings, feed.source)
    load = Load(
        source=feed.source,
        batch_id=batch_id_of(feed.content_hash, contract),
        file=feed.name,
        content_hash=feed.content_hash,
        contract=contract,
        columns=rows.columns,
        types=tuple(columns[each] for each in rows.columns),
        rows_read=0,
        rows_landed=0,
        rows_rejected=0,
        landed_at=as_of,
    )
    return _write(reader, rows, load, settings, draft, unknown=unknown), columns


def remake_batch(
    reader: duckdb.DuckDBPyConnection, load: Load, path: Path, settings: Settings, draft: Draft
) -> Load:
    """Write a landed batch, found at `path`, again under the contract as it is now.

    What was rejected when its feed was read stays rejected.

    Raises:
        FeedError: the batch lacks a column.
    """
    source = settings.sources[load.source]
    label = f"sources.{load.source}: {load.file} (landed, no longer there)"
    if problems := missing_columns(label, load.source, required_columns(source), load.columns):
        raise FeedError(problems)
    rows = read_batch(reader, path, load.columns, needed_columns(source))
    contract = fingerprint(settings, load.source)
    again = replace(load, batch_id=batch_id_of(load.content_hash, contract), contract=contract)
    made = _write(reader, rows, again, settings, draft)
    return replace(
        made, rows_read=load.rows_read, rows_rejected=load.rows_rejected + made.rows_rejected
    )


def _read(reader: duckdb.DuckDBPyConnection, feed: Feed, source: Source, draft: Draft) -> Rows:
    needed = needed_columns(source)
    match feed.format:
        case "csv":
            header = read_header(feed)
            _require(feed, needed, header.columns)
            return read_csv(reader, feed, header, draft.folder)
        case "parquet":
            columns = parquet_columns(reader, feed)
            _require(feed, needed, columns)
            return read_parquet(reader, feed, columns)
        case "jsonl":
            rows = read_jsonl(reader, feed, needed, draft.folder)
            # Lines leave out what is null, so one file may lack a column that others have.
            if rows.columns:
                _require(feed, required_columns(source), rows.columns)
            return rows


def _types(reader: duckdb.DuckDBPyConnection, rows: Rows) -> tuple[str, ...]:
    described = reader.execute(f"describe {rows.select}").fetchall()
    types = {name: type_ for name, type_, *_ in described}
    return tuple(types[column] for column in rows.columns)


def _require(feed: Feed, needed: dict[str, list[str]], columns: tuple[str, ...]) -> None:
    if problems := missing_columns(feed.label, feed.source, needed, columns):
        raise FeedError(problems)


def _write(
    reader: duckdb.DuckDBPyConnection,
    rows: Rows,
    load: Load,
    settings: Settings,
    draft: Draft,
    *,
    unknown: Sequence[str] = (),
) -> Load:
    judge(reader, rows, load.source, settings, unknown)
    rejected = _copy(reader, "select row_number, reason, raw from bad_row", draft.bad_rows)
    landed = _copy(reader, _batch_select(rows, load, has_rejects=rejected > 0), draft.batch)
    if rows.read != landed + rejected:
        msg = f"{load.file}: {rows.read} rows read, {landed} landed and {rejected} rejected"
        raise RuntimeError(msg)
    return replace(load, rows_read=rows.read, rows_landed=landed, rows_rejected=rejected)


def _batch_select(rows: Rows, load: Load, *, has_rejects: bool) -> str:
    good = rows.select
    if has_rejects:
        good = (
            f"select good.* from ({good}) as good"
            " anti join bad_row on good._row_number = bad_row.row_number"
        )
    fields = "".join(f"{name_sql(column)}, " for column in rows.columns)
    return (
        f"select {fields}{text_sql(load.source)} as _source,"
        f" {text_sql(load.batch_id)} as _batch_id, {text_sql(load.file)} as _file, _row_number,"
        f" timestamp {text_sql(load.landed_at.isoformat(sep=' '))} as _ingested_at,"
        f" {row_hash_sql(rows.columns)} as _row_hash from ({good})"
    )


def row_hash_sql(columns: tuple[str, ...]) -> str:
    """Return the digest of a row's content: the same in every engine that has md5 and concat_ws.

    It goes over the values that are there, with their names and by name, so that null differs from
    empty text, and neither the order of columns nor one that is null throughout matters.

    >>> print(row_hash_sql(("b", "a")))
    md5(concat_ws(chr(31), 'a=' || cast("a" as varchar), 'b=' || cast("b" as varchar)))
    """
    parts = ", ".join(
        f"{text_sql(f'{column}=')} || cast({name_sql(column)} as varchar)"
        for column in sorted(columns)
    )
    return f"md5(concat_ws(chr(31), {parts}))" if parts else "md5('')"


def _copy(reader: duckdb.DuckDBPyConnection, select: str, target: Path) -> int:
    copied = reader.execute(
        f"copy ({select}) to {text_sql(str(target))} "
        " (format parquet, compression zstd, compression_level 1)"
    ).fetchall()
    return int(copied[0][0])
