"""The list that is matched: a file of people whose columns are named as what customers have."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from c360.config import Settings
from c360.errors import C360Error, FeedError
from c360.identity.probabilistic.fields import compared_fields
from c360.sources.feed import FORMATS, Feed
from c360.sources.header import read_header
from c360.sources.quoting import name_sql
from c360.sources.reading import Rows, parquet_columns, read_csv, read_jsonl, read_parquet
from c360.warehouse import create_tables

ID = "id"
"""The column that names a row."""

MOST_TOLD = 5
"""Malformed rows that an error names."""

_TABLES = {
    "temp.listed": "number integer, name varchar",
    "temp.listed_value": "number integer, field varchar, value varchar",
}


def understood_columns(settings: Settings) -> tuple[str, ...]:
    """Return what columns of a list may be named: what customers are known or compared by."""
    parts = [part for each in settings.identifiers.values() for part in each.all_of]
    namespaces = [
        name
        for name, each in settings.identifiers.items()
        if not each.all_of and not each.visit and name != ID
    ]
    attributes = [field.name for field in compared_fields(settings) if not field.is_namespace]
    guarded = settings.guards.one_per_person
    return tuple(dict.fromkeys([ID, *attributes, *parts, *guarded, *namespaces]))


def read_list(con: duckdb.DuckDBPyConnection, settings: Settings, file: Path) -> None:
    """Write temp.listed (number, name) and temp.listed_value (number, field, value), as they stand.

    Rows are numbered from 1, the first after a header. Files between lie outside the workspace.

    Raises:
        C360Error: the file cannot be read whole, or has a column that nothing is known by.
    """
    feed = _feed(file)
    with TemporaryDirectory() as draft, duckdb.connect() as reader:
        try:
            rows = _read(reader, feed, Path(draft))
        except FeedError as error:
            raise C360Error("\n  ".join(error.problems)) from error
        _require_whole(reader, file)
        _take(con, rows, _named(settings, file, rows.columns))


def _feed(file: Path) -> Feed:
    if not file.is_file():
        msg = f"there is no file {file}; name a list as CSV, JSON lines or Parquet"
        raise C360Error(msg)
    suffixes = [suffix.lower() for suffix in file.suffixes]
    is_gzip = suffixes[-1:] == [".gz"]
    told = suffixes[-2:-1] if is_gzip else suffixes[-1:]
    format_ = FORMATS.get(told[0]) if told else None
    if format_ is None:
        msg = f"{file} does not tell its format by its name; end it in .csv, .jsonl or .parquet"
        raise C360Error(msg)
    if not file.stat().st_size:
        msg = f"{file} is empty (0 bytes); write the list into it, its columns in the first line"
        raise C360Error(msg)
    return Feed("", file.absolute(), str(file), format_, is_gzip, "")


def _read(reader: duckdb.DuckDBPyConnection, feed: Feed, draft: Path) -> Rows:
    if feed.format == "csv":
        return read_csv(reader, feed, read_header(feed), draft)
    if feed.format == "jsonl":
        return read_jsonl(reader, feed, (), draft)
    return read_parquet(reader, feed, parquet_columns(reader, feed))


def _require_whole(reader: duckdb.DuckDBPyConnection, file: Path) -> None:
    bad = reader.execute("select row_number, reason from bad_row order by all").fetchall()
    if bad:
        told = [f"row {number} {reason}" for number, reason in bad[:MOST_TOLD]]
        if len(bad) > MOST_TOLD:
            told.append(f"and {len(bad) - MOST_TOLD:,} more rows")
        raise C360Error("\n  ".join([f"{file}: mend these rows, or leave them out", *told]))


def _named(settings: Settings, file: Path, columns: Sequence[str]) -> dict[str, str]:
    """Return what each column is named, upper and lower case and blanks around it aside."""
    known = understood_columns(settings)
    named = {column: column.strip().lower() for column in columns}
    unknown = [column for column, name in named.items() if name not in known]
    if unknown:
        msg = (
            f"{file}: nothing is known by the column {_quoted(unknown)}; name it as one of"
            f" {', '.join(known)}, or leave it out"
        )
        raise C360Error(msg)
    return named


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(ascii(name) for name in names)


def _take(con: duckdb.DuckDBPyConnection, rows: Rows, named: dict[str, str]) -> None:
    create_tables(con, _TABLES)
    name = "null"
    for column, field in named.items():
        text = f"cast({name_sql(column)} as varchar)"
        if field == ID:
            name = text
            continue
        con.execute(
            f"insert into temp.listed_value select _row_number, $field, {text}"
            f" from ({rows.select}) where {name_sql(column)} is not null",
            {"field": field},
        ).fetchall()
    con.execute(
        "insert into temp.listed select number, coalesce(nullif(trim(name), ''),"
        f" cast(number as varchar)) from (select _row_number as number, {name} as name"
        f" from ({rows.select})) order by number"
    ).fetchall()
