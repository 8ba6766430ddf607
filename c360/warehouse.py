"""The DuckDB file of a workspace: opening it, one transaction per command, tables from SQL."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from c360.errors import C360Error

SCHEMAS = ("bronze", "silver", "identity", "stewardship", "gold", "ops")
STORAGE_VERSION = "v1.5.0"
"""Files that DuckDB 1.5 and 2 can both read."""

Row = tuple[object, ...]

_OPS = """
create table if not exists ops.run (
  run integer primary key,
  command varchar not null,
  as_of timestamp not null,
  started_at timestamp not null,
  finished_at timestamp,
  version varchar not null
);
create table if not exists ops.step (
  run integer not null,
  step varchar not null,
  seconds double not null,
  rows bigint not null,
  peak_bytes bigint
);
alter table ops.step add column if not exists spill_bytes bigint;
create table if not exists ops.held_run (
  run integer not null,
  broken varchar not null
);
"""


@contextmanager
def open_warehouse(
    path: Path, *, memory_limit: str = "60%", read_only: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse as database `c360`, made on first use, closed at the end.

    Relative file names in SQL are looked up from the folder of `path`, so a workspace can be moved.

    Raises:
        C360Error: another process writes to it, or the file is no warehouse.
    """
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"set memory_limit = {_text(_in_bytes(memory_limit))}")
        con.execute(f"set temp_directory = {_text(f'{path}.tmp')}")
        con.execute(f"set file_search_path = {_text(str(path.parent.resolve()))}")
        con.execute("set enable_progress_bar = false")
        options = "read_only" if read_only else f"storage_version '{STORAGE_VERSION}'"
        try:
            con.execute(f"attach {_text(str(path))} as c360 ({options})")
        except duckdb.IOException as error:
            raise C360Error(_why_not_opened(path, error)) from error
        con.execute("use c360")
        if not read_only:
            for schema in SCHEMAS:
                con.execute(f"create schema if not exists {schema}")
            con.execute(_OPS)
        yield con


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Publish everything done inside at its end, or nothing of it."""
    con.execute("begin")
    try:
        yield
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")


def build_table(
    con: duckdb.DuckDBPyConnection, table: str, select: str, parameters: Mapping[str, object]
) -> None:
    """Create or replace `table` as the given SELECT; `temp.<name>` lives as long as the step."""
    schema, _, name = table.partition(".")
    kind, target = ("temp table", name) if schema == "temp" else ("table", table)
    con.execute(f"create or replace {kind} {target} as\n{select}", dict(parameters)).fetchall()


def fill_table(
    con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], rows: Sequence[Row]
) -> None:
    """Create or replace a table of the given columns (name: type) with rows made in Python."""
    values = (
        dict(zip(columns, zip(*rows, strict=True), strict=True))
        if rows
        else dict.fromkeys(columns, ())
    )
    cells = ", ".join(
        f"unnest(cast(${name} as {type_}[])) as {name}" for name, type_ in columns.items()
    )
    build_table(
        con, table, f"select {cells}", {name: list(cells) for name, cells in values.items()}
    )


def create_tables(con: duckdb.DuckDBPyConnection, tables: Mapping[str, str]) -> None:
    """Create or replace empty tables of the given columns; `temp.<name>` as in build_table."""
    for table, columns in tables.items():
        schema, _, name = table.partition(".")
        kind, target = ("temp table", name) if schema == "temp" else ("table", table)
        con.execute(f"create or replace {kind} {target} ({columns})").fetchall()


def build_view(con: duckdb.DuckDBPyConnection, view: str, select: str) -> None:
    """Create or replace a view as the given SELECT; it may take the place of a table."""
    schema, _, name = view.partition(".")
    if con.execute(
        "select 1 from duckdb_tables() where database_name = 'c360' and schema_name = $schema"
        " and table_name = $name",
        {"schema": schema, "name": name},
    ).fetchall():
        con.execute(f"drop table {view}").fetchall()
    con.execute(f"create or replace view {view} as\n{select}").fetchall()


KEPT = "run_"
"""The temporary tables whose names begin so live as long as the run: steps hand them on."""


def drop_scratch(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the session's temporary tables and views, so that they hold no memory.

    Those that steps hand on to later steps (KEPT) stay.
    """
    found = con.execute(
        "select 'view', view_name from duckdb_views() where database_name = 'temp' and not internal"
        " union all select 'table', table_name from duckdb_tables() where database_name = 'temp'"
    ).fetchall()
    for kind, name in sorted(found, reverse=True):  # views before the tables that they read
        if not name.startswith(KEPT):
            con.execute(f'drop {kind} temp."{name}"').fetchall()


def has_scratch(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Say whether the session has a temporary table of this name."""
    return table in scratch_tables(con)


def scratch_tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the names of the session's temporary tables."""
    found = con.execute(
        "select table_name from duckdb_tables() where database_name = 'temp'"
    ).fetchall()
    return {name for (name,) in found}


def has_table(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Say whether the warehouse has a table or view of the name `schema.table`."""
    schema, _, name = table.partition(".")
    return bool(
        con.execute(
            "select 1 from information_schema.tables"
            " where table_catalog = 'c360' and table_schema = $schema and table_name = $name",
            {"schema": schema, "name": name},
        ).fetchall()
    )


def has_rows(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Say whether a table has any row."""
    return bool(con.execute(f"select 1 from {table} limit 1").fetchall())


def export(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write the rows of `query` to a Parquet or CSV file, whole or not at all.

    CSV is for people: text cells that a spreadsheet would run as a formula get a leading quote.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    if path.suffix == ".csv":
        query, options = _escaped(con, query), "format csv, header"
    else:
        options = "format parquet, compression zstd, compression_level 1"
    try:
        con.execute(f"copy ({query}) to {_text(str(draft.resolve()))} ({options})").fetchall()
    except duckdb.IOException as error:
        msg = f"{path} cannot be written ({error}); mend that and run the command again"
        raise C360Error(msg) from error
    draft.replace(path)


FORMULA = "('=', '+', '-', '@', chr(9), chr(13))"
"""What a cell begins with that a spreadsheet would take for a formula, as a list of SQL."""


def _escaped(con: duckdb.DuckDBPyConnection, query: str) -> str:
    columns = con.execute(f"describe {query}").fetchall()
    cells = [
        f"""if(left("{name}", 1) in {FORMULA}, '''' || "{name}", "{name}") as "{name}" """
        if type_ == "VARCHAR"
        else f'"{name}"'
        for name, type_, *_ in columns
    ]
    return f"select {', '.join(cells)} from ({query})"


def _in_bytes(memory_limit: str) -> str:
    """Return a limit such as `70%` of this machine's memory as bytes, which every DuckDB knows."""
    if not memory_limit.endswith("%"):
        return memory_limit
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{int(memory * float(memory_limit.rstrip('%')) / 100)}B"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _why_not_opened(path: Path, error: duckdb.IOException) -> str:
    if "Permission denied" in str(error):
        return f"{path} cannot be opened: permission denied; allow it, or name another --workspace"
    if "lock" in str(error):
        return f"{path} is in use by another program; close it and try again"
    return f"{path} is no warehouse ({error}); move it away or name another --workspace"
