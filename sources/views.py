"""The views of bronze: every landed row of a source, and the rows in force."""

from collections import defaultdict
from collections.abc import Collection, Sequence

import duckdb

from c360.source import Source
from c360.sources.header import META
from c360.sources.loads import Load
from c360.sources.mapping import columns_of, deleted_sql, expression_sql, is_column
from c360.sources.quoting import name_sql, text_sql
from c360.sources.superseded import has_superseded
from c360.workspace import Workspace

_NUMBERS = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "DECIMAL",
    "FLOAT",
    "DOUBLE",
)
_TIMES = ("DATE", "TIMESTAMP")


def show_batches(
    con: duckdb.DuckDBPyConnection, workspace: Workspace, name: str, loads: Sequence[Load]
) -> None:
    """Make the view bronze.<source> over the batches in force.

    Their paths are relative to the workspace, so that it can be moved.
    """
    layouts: dict[tuple[tuple[str, str], ...], list[str]] = defaultdict(list)
    for load in loads:
        path = workspace.batch(name, load.batch_id).relative_to(workspace.root)
        layouts[tuple(zip(load.columns, load.types, strict=True))].append(path.as_posix())
    texts = _columns_as_text(list(layouts))
    selects = [_layout_select(layout, texts, paths) for layout, paths in layouts.items()]
    con.execute(
        f"create or replace view bronze.{name_sql(name)} as {' union all by name '.join(selects)}"
    ).fetchall()


def _layout_select(
    layout: Sequence[tuple[str, str]], texts: Collection[str], paths: Sequence[str]
) -> str:
    """Return the SELECT of batches that have the same columns."""
    fields = [
        f"cast({name_sql(column)} as varchar) as {name_sql(column)}"
        if column.lower() in texts
        else name_sql(column)
        for column, _ in layout
    ]
    files = ", ".join(map(text_sql, paths))
    return (
        f"select {', '.join([*fields, *META])}"
        f" from read_parquet([{files}], hive_partitioning = false)"
    )


def _columns_as_text(layouts: Sequence[Sequence[tuple[str, str]]]) -> set[str]:
    """Name the columns that are shown as text, because their types have nothing else in common."""
    families: dict[str, set[str]] = defaultdict(set)
    for layout in layouts:
        for column, type_ in layout:
            families[column.lower()].add(_family(type_))
    return {column for column, found in families.items() if len(found) > 1}


def _family(type_: str) -> str:
    if type_.startswith(_NUMBERS):
        return "number"
    return "time" if type_.startswith(_TIMES) else type_


def show_current(con: duckdb.DuckDBPyConnection, name: str, source: Source) -> None:
    """Make the view bronze.<source>__current: the rows in force, collapsed where asked for."""
    relation = f"bronze.{name_sql(name)}"
    if has_superseded(con, name):
        relation = (
            f"(select landed.* from {relation} as landed anti join (select _batch_id, _row_number"
            f" from bronze.superseded_row where source = {text_sql(name)}) as superseded"
            " using (_batch_id, _row_number))"
        )
    if source.collapse:
        select = collapsed_select(source, relation)
    else:
        gone = "" if source.deleted is None else f" where not {deleted_sql(source)}"
        select = f"select * from {relation}{gone}"
    view = name_sql(f"{name}__current")
    con.execute(f"create or replace view bronze.{view} as {select}").fetchall()


def drop_views_except(con: duckdb.DuckDBPyConnection, sources: Collection[str]) -> None:
    """Drop the views of sources that are no longer configured."""
    kept = {name for source in sources for name in (source, f"{source}__current")}
    views = con.execute(
        "select view_name from duckdb_views()"
        " where database_name = 'c360' and schema_name = 'bronze' and not internal"
    ).fetchall()
    for (view,) in views:
        if view not in kept:
            con.execute(f"drop view bronze.{name_sql(view)}").fetchall()


def collapsed_select(source: Source, relation: str) -> str:
    """Return the SELECT that makes one row of all that share the source's key.

    It has the key's columns and those of `collapse`, and where the source knows no time when the
    last of the rows was landed.
    """
    columns = sorted(columns_of(source.key))
    aggregates = "".join(
        f", {expression_sql(aggregate)} as {name_sql(column)}"
        for column, aggregate in source.collapse.items()
    )
    if source.event_time is None:
        aggregates += ", max(_ingested_at) as _ingested_at"
    if is_column(source.key):
        key = name_sql(source.key)
        return f"select {key}{aggregates} from {relation} group by {key}"
    # Rows of one key may spell its parts differently: one row's parts are taken together.
    parts = ", ".join(f"{text_sql(column)}: {name_sql(column)}" for column in columns)
    keys = ", ".join(f"min({{{parts}}})[{text_sql(c)}] as {name_sql(c)}" for c in columns)
    return f"select {keys}{aggregates} from {relation} group by {expression_sql(source.key)}"
