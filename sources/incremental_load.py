"""What each landing of a source did to its rows in force: ops.incremental_load."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files

import duckdb

from c360.source import Source
from c360.sources.loads import Load
from c360.sources.mapping import deleted_sql, record_id_sql
from c360.sources.quoting import name_sql
from c360.warehouse import has_table

_TABLE = """
create table if not exists ops.incremental_load (
  run integer not null,
  source_system varchar not null,
  table_name varchar not null,
  load_batch_id varchar not null,
  start_timestamp timestamp not null,
  end_timestamp timestamp not null,
  records_processed bigint not null,
  records_rejected bigint not null,
  records_inserted bigint not null,
  records_updated bigint not null,
  records_deleted bigint not null,
  load_status varchar not null,
  error_message varchar
);
"""

_IS_OF = "_batch_id in (select unnest($batches))"
_IN_BEFORE = "(_batch_id, _row_number) in (from temp.superseded_before)"
_IN_NOW = "(_batch_id, _row_number) in (from temp.superseded_now)"


@dataclass(frozen=True, slots=True)
class Landing:
    """A landing that has begun, and the batches that leave with it.

    `has_keys`: rows are compared by their keys. They cannot be where rows are collapsed, where the
    contract has changed and may read the key from columns that older rows lack, and where a batch
    has no file any more.
    """

    name: str
    source: Source
    started_at: datetime
    retired: tuple[Load, ...]
    has_keys: bool


def create_incremental_load_table(con: duckdb.DuckDBPyConnection) -> None:
    """Make ops.incremental_load where it does not exist: a row per run and source that landed."""
    con.execute(_TABLE).fetchall()


def begin_landing(
    con: duckdb.DuckDBPyConnection,
    name: str,
    source: Source,
    retired: Sequence[Load],
    *,
    contract: str,
    on_disk: Collection[str],
) -> Landing:
    """Begin to count; call it before bronze.<source> and bronze.superseded_row change.

    Makes the temporary tables superseded_before and row_gone.
    """
    has_keys = not source.collapse and all(
        load.contract == contract and load.batch_id in on_disk for load in retired
    )
    if retired and has_keys:
        # The views of a source go when c360.yaml names it no more, and its batches stay.
        has_keys = has_table(con, f"bronze.{name}")
    landing = Landing(name, source, _now(), tuple(retired), has_keys)
    _keep_superseded(con, name, "superseded_before")
    for table in ("row_gone", "row_come"):
        con.execute(f"create or replace temp table {table} (key varchar, content varchar)")
    if retired and has_keys:
        _add_rows(
            con,
            landing,
            "row_gone",
            f"{_IS_OF} and not {_IN_BEFORE}",
            retired,
        )
    return landing


def end_landing(
    con: duckdb.DuckDBPyConnection, landing: Landing, made: Sequence[Load], run: int
) -> None:
    """Add a landing to ops.incremental_load, once its views and superseded rows are up to date."""
    _keep_superseded(con, landing.name, "superseded_now")
    inserted, updated, deleted = _changes(con, landing, made)
    con.execute(
        "insert into ops.incremental_load values ($run, $source, $table, $batch, $started, $ended,"
        " $processed, $rejected, $inserted, $updated, $deleted, 'SUCCESS', null)",
        {
            "run": run,
            "source": landing.name,
            "table": f"bronze.{landing.name}__current",
            "batch": f"{landing.name}-{run}",
            "started": landing.started_at,
            "ended": _now(),
            "processed": sum(load.rows_read for load in made),
            "rejected": sum(load.rows_rejected for load in made),
            "inserted": inserted,
            "updated": updated,
            "deleted": deleted,
        },
    ).fetchall()


def _changes(
    con: duckdb.DuckDBPyConnection, landing: Landing, made: Sequence[Load]
) -> tuple[int, int, int]:
    """Return how many rows came into force, changed in it, and left it."""
    arrived, freed, left, replaced = con.execute(
        _sql("load_balance"), {"made": _ids(made), "retired": _ids(landing.retired)}
    ).fetchall()[0]
    came = sum(load.rows_landed for load in made) - arrived + freed
    gone = sum(load.rows_landed for load in landing.retired) - left + replaced
    if not landing.has_keys or (not gone and landing.source.deleted is None):
        return came, 0, gone
    _add_rows(con, landing, "row_come", f"{_IS_OF} and not {_IN_NOW}", made)
    if freed:
        back = f"not {_IS_OF} and {_IN_BEFORE} and not {_IN_NOW}"
        _add_rows(con, landing, "row_come", back, made)
    if replaced:
        gave_way = f"not {_IS_OF} and {_IN_NOW} and not {_IN_BEFORE}"
        _add_rows(con, landing, "row_gone", gave_way, made)
    return con.execute(_sql("load_change")).fetchall()[0]


def _keep_superseded(con: duckdb.DuckDBPyConnection, name: str, table: str) -> None:
    con.execute(
        f"create or replace temp table {table} as"
        " select _batch_id, _row_number from bronze.superseded_row where source = $source",
        {"source": name},
    ).fetchall()


def _add_rows(
    con: duckdb.DuckDBPyConnection,
    landing: Landing,
    table: str,
    condition: str,
    batches: Sequence[Load],
) -> None:
    """Add the keys and contents of landed rows, those left out that say their key is no more."""
    source = landing.source
    con.execute(
        f"insert into temp.{table} select {record_id_sql(source)}, _row_hash"
        f" from bronze.{name_sql(landing.name)} where not {deleted_sql(source)} and {condition}",
        {"batches": _ids(batches)},
    ).fetchall()


def _ids(loads: Sequence[Load]) -> list[str]:
    return [load.batch_id for load in loads]


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _sql(name: str) -> str:
    return (files("c360.sources") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
