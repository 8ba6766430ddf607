"""Reading a feed of any format: rows with their numbers, and the malformed ones set apart."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from c360.errors import FeedError
from c360.sources.feed import Feed
from c360.sources.header import Header, check_names
from c360.sources.quoting import name_sql, pattern_sql, text_sql
from c360.sources.separating import Malformed, separate_csv, separate_lines
from c360.sources.staging import (
    FILE_ROW_NUMBER,
    WHOLE_LINES,
    TextFormat,
    clear_bad_rows,
    parquet_sql,
    stage,
    unreadable,
    write_parquet,
)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file that could be read.

    `select` gives `_row_number` (1 = first after the header), `_raw` (the row as text) and the
    source's columns. `read` counts the malformed rows too: they stand in the table `bad_row`.
    """

    select: str
    columns: tuple[str, ...]
    read: int


def read_csv(reader: duckdb.DuckDBPyConnection, feed: Feed, header: Header, draft: Path) -> Rows:
    """Read a CSV file. Files between are written to the folder `draft`.

    Raises:
        FeedError: it is damaged.
    """
    options = f"delim = {text_sql(header.delimiter)}, quote = '\"', escape = '\"'"

    def separate(path: Path, clean: Path) -> Iterator[Malformed]:
        columns = len(header.columns)
        return separate_csv(path, clean, columns=columns, delimiter=header.delimiter)

    text = TextFormat(header.columns, options, separate, has_header=True)
    staged = stage(reader, feed, text, draft)
    line = ", ".join(_csv_field(column, header.delimiter) for column in header.columns)
    raw = f"concat_ws({text_sql(header.delimiter)}, {line})"
    select = _select(staged.path, staged.row_number, raw, header.columns)
    return Rows(select, header.columns, _count(reader, staged.path) + _bad_rows(reader))


def read_jsonl(
    reader: duckdb.DuckDBPyConnection, feed: Feed, needed: Iterable[str], draft: Path
) -> Rows:
    """Read a file of JSON lines. A column in `needed` that no line has is there and null.

    Raises:
        FeedError: it is damaged, or one JSON array and not lines.
    """
    staged = stage(reader, feed, TextFormat(("line",), WHOLE_LINES, separate_lines), draft)
    lines = (
        f"select {staged.row_number} as _row_number, line, try(json_type(line)) as kind"
        f" from {parquet_sql(staged.path)} where trim(line) <> ''"
    )
    reader.execute(
        "insert into bad_row select _row_number,"
        " case when kind is null then 'is not JSON' else 'is not a JSON object' end, line"
        f" from ({lines}) where kind is distinct from 'OBJECT'"
    ).fetchall()
    objects = f"select _row_number, line from ({lines}) where kind = 'OBJECT'"
    columns = _keys(reader, objects)
    check_names(feed, columns)
    every = (*columns, *_absent(columns, needed))
    shape = text_sql(json.dumps(dict.fromkeys(every, "VARCHAR"), ensure_ascii=False))
    target = draft / "objects.parquet"
    read = write_parquet(
        reader,
        "select _row_number, line as _raw, object.* from (select _row_number, line,"
        f" json_transform(line, {shape}) as object from ({objects}))",
        target,
    )
    if read == 0 and _begins_a_list(feed):
        msg = f"{feed.label} is a JSON array; write one object a line, as `jq -c '.[]'` does"
        raise FeedError([msg])
    select = _select(target, "_row_number", "_raw", every)
    return Rows(select, columns, read + _bad_rows(reader))


def parquet_columns(reader: duckdb.DuckDBPyConnection, feed: Feed) -> tuple[str, ...]:
    """Return the columns of a Parquet file.

    Raises:
        FeedError: it is none.
    """
    try:
        described = reader.execute(
            f"describe select * from read_parquet({pattern_sql(feed.path)},"
            " hive_partitioning = false)"
        ).fetchall()
    except duckdb.Error as error:
        raise unreadable(feed, error) from error
    columns = tuple(name for name, *_ in described)
    check_names(feed, columns)
    return columns


def read_parquet(reader: duckdb.DuckDBPyConnection, feed: Feed, columns: tuple[str, ...]) -> Rows:
    """Read a Parquet file where it lies."""
    clear_bad_rows(reader)
    select = _select(feed.path, FILE_ROW_NUMBER, _json_row(columns), columns)
    return Rows(select, columns, _count(reader, feed.path))


def read_batch(
    reader: duckdb.DuckDBPyConnection, batch: Path, columns: tuple[str, ...], needed: Iterable[str]
) -> Rows:
    """Read the rows of a landed batch again, where its feed is no longer there."""
    clear_bad_rows(reader)
    select = _select(batch, "_row_number", _json_row(columns), columns)
    nulls = "".join(
        f", cast(null as varchar) as {name_sql(column)}" for column in _absent(columns, needed)
    )
    return Rows(f"select *{nulls} from ({select})", columns, _count(reader, batch))


def _select(path: Path, row_number: str, raw: str, columns: Sequence[str]) -> str:
    fields = "".join(f", {name_sql(column)}" for column in columns)
    return f"select {row_number} as _row_number, {raw} as _raw{fields} from {parquet_sql(path)}"


def _absent(columns: Iterable[str], needed: Iterable[str]) -> list[str]:
    known = {column.lower() for column in columns}
    return [column for column in needed if column.lower() not in known]


def _keys(reader: duckdb.DuckDBPyConnection, objects: str) -> tuple[str, ...]:
    """Return the keys of all JSON objects, in the order in which they first come."""
    layouts = reader.execute(
        "select keys from (select _row_number, json_keys(line) as keys"
        f" from ({objects})) group by keys order by min(_row_number)"
    ).fetchall()
    return tuple(dict.fromkeys(key for (keys,) in layouts for key in keys))


def _csv_field(column: str, delimiter: str) -> str:
    name = name_sql(column)
    special = text_sql(f'["\\r\\n{re.escape(delimiter)}]')
    quoted = f"""'"' || replace({name}, '"', '""') || '"'"""
    return (
        f"coalesce(case when regexp_matches({name}, {special}) then {quoted} else {name} end, '')"
    )


def _json_row(columns: Sequence[str]) -> str:
    fields = ", ".join(f"{text_sql(column)}: {name_sql(column)}" for column in columns)
    return f"cast(to_json({{{fields}}}) as varchar)"


def _begins_a_list(feed: Feed) -> bool:
    with feed.open() as file:
        return file.read(1000).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")


def _count(reader: duckdb.DuckDBPyConnection, path: Path) -> int:
    return _one(reader, f"select count(*) from {parquet_sql(path)}")


def _bad_rows(reader: duckdb.DuckDBPyConnection) -> int:
    return _one(reader, "select count(*) from bad_row")


def _one(reader: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(reader.execute(query).fetchall()[0][0])
