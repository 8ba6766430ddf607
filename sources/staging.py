"""Text feeds as Parquet: parsed by DuckDB, and where it stumbles, cleaned line by line first."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from c360.errors import FeedError
from c360.sources.feed import Feed, check_gzip
from c360.sources.quoting import name_sql, pattern_sql, text_sql
from c360.sources.separating import MAX_RECORD_BYTES, Malformed

FILE_ROW_NUMBER = "file_row_number + 1"
"""The number of a row in a Parquet file that holds every row of its feed in order."""
WHOLE_LINES = "delim = '\x01', quote = '', escape = ''"
"""Options of read_csv that make each line one value: JSON never holds \\x01 unescaped."""
_CHUNK = 50_000
_MAX_CLEAN_BYTES = 4 * MAX_RECORD_BYTES
"""JSON needs more bytes than the record that it was made of."""


@dataclass(frozen=True, slots=True)
class TextFormat:
    """How a text file is parsed: by DuckDB's read_csv with `options`, or by `separate`.

    `separate` writes the good records to the second path, as JSON lists of the row number and the
    values, and yields the others.
    """

    columns: tuple[str, ...]
    options: str
    separate: Callable[[Path, Path], Iterator[Malformed]]
    has_header: bool = False


@dataclass(frozen=True, slots=True)
class Staged:
    """A text feed as Parquet; `row_number` is the expression that numbers its rows."""

    path: Path
    row_number: str


def stage(
    reader: duckdb.DuckDBPyConnection,
    feed: Feed,
    text: TextFormat,
    draft: Path,
) -> Staged:
    """Copy a text feed to Parquet in the folder `draft`; put its malformed lines into `bad_row`.

    The bulk is DuckDB's. Only a file that it cannot read whole is gone through line by line, and
    what is good of it read then.

    Raises:
        FeedError: it is damaged.
    """
    check_gzip(feed)
    clear_bad_rows(reader)
    target, clean = draft / "rows.parquet", draft / "clean"
    compression = "gzip" if feed.is_gzip else "none"
    options = f"header = {text.has_header}, compression = '{compression}'"
    try:
        _copy(reader, feed.path, text, options, target)
        return Staged(target, FILE_ROW_NUMBER)
    except duckdb.Error:
        _keep(reader, text.separate(_unpacked(feed, draft), clean))
    try:
        _copy_clean(reader, clean, text.columns, target)
    except duckdb.Error as error:
        raise unreadable(feed, error) from error
    return Staged(target, "_row_number")


def clear_bad_rows(reader: duckdb.DuckDBPyConnection) -> None:
    """Make the reader's table of bad rows anew."""
    reader.execute(
        "create or replace temp table bad_row (row_number bigint, reason varchar, raw varchar)"
    ).fetchall()


def parquet_sql(path: Path) -> str:
    """Return a Parquet file as a table function that also gives `file_row_number`."""
    return f"read_parquet({pattern_sql(path)}, file_row_number = true, hive_partitioning = false)"


def write_parquet(reader: duckdb.DuckDBPyConnection, select: str, target: Path) -> int:
    """Write the rows of a SELECT to a Parquet file that is soon read again; return their number."""
    copied = reader.execute(
        f"copy ({select}) to {text_sql(str(target))} (format parquet, compression snappy)"
    ).fetchall()
    return int(copied[0][0])


def unreadable(feed: Feed, error: duckdb.Error) -> FeedError:
    """Return the error that says why DuckDB cannot read a feed."""
    said = str(error).splitlines()[0]
    return FeedError([f"{feed.label} cannot be read as {feed.format}: {said}"])


def _copy(
    reader: duckdb.DuckDBPyConnection, path: Path, text: TextFormat, options: str, target: Path
) -> None:
    """Copy a text file to Parquet in its order; a malformed line is an error."""
    types = ", ".join(f"{text_sql(column)}: 'VARCHAR'" for column in text.columns)
    write_parquet(
        reader,
        f"select * from read_csv({pattern_sql(path)}, columns = {{{types}}},"
        f" auto_detect = false, {options}, {text.options})",
        target,
    )


def _copy_clean(
    reader: duckdb.DuckDBPyConnection, clean: Path, columns: Sequence[str], target: Path
) -> None:
    """Copy what `separate` wrote to Parquet; the column `_row_number` comes first."""
    values = "".join(
        f", nullif(parts[{place}], '') as {name_sql(column)}"
        for place, column in enumerate(columns, start=2)
    )
    write_parquet(
        reader,
        f"select cast(parts[1] as bigint) as _row_number{values}"
        """ from (select from_json(line, '["VARCHAR"]') as parts"""
        f" from read_csv({pattern_sql(clean)}, columns = {{'line': 'VARCHAR'}}, header = false,"
        f" auto_detect = false, {WHOLE_LINES}, max_line_size = {_MAX_CLEAN_BYTES}))",
        target,
    )


def _keep(reader: duckdb.DuckDBPyConnection, malformed: Iterator[Malformed]) -> None:
    while chunk := list(islice(malformed, _CHUNK)):
        reader.execute(
            "insert into bad_row select unnest($numbers), unnest($reasons), unnest($raws)",
            {
                "numbers": [row.row_number for row in chunk],
                "reasons": [row.reason for row in chunk],
                "raws": [row.raw for row in chunk],
            },
        ).fetchall()


def _unpacked(feed: Feed, draft: Path) -> Path:
    if not feed.is_gzip:
        return feed.path
    plain = draft / "plain"
    with feed.open() as packed, plain.open("wb") as file:
        shutil.copyfileobj(packed, file)
    return plain
