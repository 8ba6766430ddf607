"""Landed rows that are not in force: redelivered ones, and those that a later version replaces."""

from collections.abc import Collection
from importlib.resources import files

import duckdb

from c360.errors import FeedError
from c360.source import Source
from c360.sources.mapping import event_time_sql, record_id_sql
from c360.sources.quoting import name_sql

_TABLES = """
create table if not exists bronze.superseded_row (
  source varchar not null,
  _batch_id varchar not null,
  _row_number bigint not null
);
create table if not exists bronze.conflicting_key (
  source varchar not null,
  entity varchar not null,
  record_id varchar not null
)
"""


def create_superseded_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables where they do not exist.

    bronze.superseded_row has one row per landed row not in force; bronze.conflicting_key one per
    key that came with different content although the rows of its source never change.
    """
    con.execute(_TABLES).fetchall()


def has_superseded(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Say whether some landed row of a source is not in force."""
    query = "select 1 from bronze.superseded_row where source = $source limit 1"
    return bool(con.execute(query, {"source": name}).fetchall())


def find_superseded(
    con: duckdb.DuckDBPyConnection,
    name: str,
    source: Source,
    new_batches: Collection[str] | None,
    *,
    most_conflicting: float,
) -> None:
    """Bring bronze.superseded_row and conflicting_key up to date for a source.

    Only keys that `new_batches` bring are looked at: while batches are only added, a row that is
    superseded stays so. None stands for all batches, after some were retired. Of rows that never
    change (`append`, `snapshot`) and yet come with different content the latest is in force.

    Raises:
        FeedError: more than the share `most_conflicting` of the keys come with different content,
            so that the key cannot be one.
    """
    if new_batches is None:
        for table in ("superseded_row", "conflicting_key"):
            con.execute(
                f"delete from bronze.{table} where source = $source", {"source": name}
            ).fetchall()
    _make_touched_version(con, name, source, new_batches)
    con.execute(
        f"create or replace temp table repeated_key as {_sql('repeated_key')}",
        {"is_collapsed": bool(source.collapse)},
    ).fetchall()
    if not con.execute("select 1 from repeated_key limit 1").fetchall():
        return
    if source.collapse:
        _add(con, name, "redelivered_row", {"is_collapsed": True})
    elif source.update == "upsert":
        _add(con, name, "replaced_row", {})
    else:
        _take_conflicts(con, name, source, most_conflicting)
        _add(con, name, "redelivered_row", {"is_collapsed": False})


def _make_touched_version(
    con: duckdb.DuckDBPyConnection, name: str, source: Source, new_batches: Collection[str] | None
) -> None:
    """Make the temporary view of all rows whose key a new batch brings."""
    event_time = event_time_sql(source) if not source.collapse else "cast(null as timestamp)"
    con.execute(
        "create or replace temp view landed_version as"
        f" select {record_id_sql(source)} as key, {event_time} as event_time,"
        f" _batch_id, _file, _row_number, _ingested_at, _row_hash from bronze.{name_sql(name)}"
    ).fetchall()
    con.execute("create or replace temp table new_batch (_batch_id varchar)").fetchall()
    con.execute(
        "insert into new_batch select unnest($batches)", {"batches": list(new_batches or ())}
    ).fetchall()
    of_new_keys = (
        " where key in (select key from landed_version"
        " where _batch_id in (select _batch_id from new_batch))"
    )
    con.execute(
        "create or replace temp view touched_version as select * from landed_version"
        + ("" if new_batches is None else of_new_keys)
    ).fetchall()


def _add(
    con: duckdb.DuckDBPyConnection, name: str, model: str, parameters: dict[str, object]
) -> None:
    con.execute(
        "insert into bronze.superseded_row select $source, _batch_id, _row_number"
        f" from ({_sql(model)})"
        " except select source, _batch_id, _row_number from bronze.superseded_row",
        {"source": name, **parameters},
    ).fetchall()


def _take_conflicts(
    con: duckdb.DuckDBPyConnection, name: str, source: Source, most_conflicting: float
) -> None:
    con.execute(
        f"create or replace temp table conflicting_version as {_sql('conflicting_version')}"
    ).fetchall()
    conflicts, key, *rows = con.execute(
        "select count(*), min(key), min_by(version_l.file, key), min_by(version_l.row, key),"
        " min_by(version_r.file, key), min_by(version_r.row, key) from conflicting_version"
    ).fetchall()[0]
    if not conflicts:
        return
    keys = con.execute("select count(distinct key) from touched_version").fetchall()[0][0]
    if conflicts <= most_conflicting * keys:
        con.execute(
            "insert into bronze.conflicting_key"
            " select $source, $entity, key from conflicting_version"
            " except select source, entity, record_id from bronze.conflicting_key",
            {"source": name, "entity": source.entity},
        ).fetchall()
        con.execute(
            "create or replace temp table repeated_key as select key from conflicting_version"
        ).fetchall()
        _add(con, name, "replaced_row", {})
        con.execute(
            f"create or replace temp table repeated_key as {_sql('repeated_key')}"
            " and key not in (select key from conflicting_version)",
            {"is_collapsed": False},
        ).fetchall()
        return
    places = sorted([(rows[0], rows[1]), (rows[2], rows[3])])
    shown = " and ".join(f"{file} row {row}" for file, row in places)
    others = {1: "", 2: ", as does 1 more key"}.get(conflicts, f", as do {conflicts - 1} more keys")
    msg = (
        f"sources.{name}: {source.key} = {key!r} stands in rows of different content ({shown})"
        f"{others}; where later rows replace earlier ones set sources.{name}.update to upsert,"
        f" where they belong together say so with sources.{name}.collapse, else mend"
        f" sources.{name}.key or the feed"
    )
    raise FeedError([msg])


def _sql(model: str) -> str:
    return (files("c360.sources") / "sql" / f"{model}.sql").read_text(encoding="utf-8")
