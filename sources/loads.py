"""The book of landed batches: ops.load, and which of them are in force."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

import duckdb

from c360.warehouse import has_table

_TABLE = """
create table if not exists ops.load (
  run integer not null,
  source varchar not null,
  batch_id varchar not null,
  file varchar not null,
  content_hash varchar not null,
  contract varchar not null,
  columns varchar[] not null,
  types varchar[] not null,
  rows_read bigint not null,
  rows_landed bigint not null,
  rows_rejected bigint not null,
  landed_at timestamp not null,
  retired_in_run integer
);
alter table ops.load add column if not exists newest_event_time timestamp;
alter table ops.load add column if not exists late_rows bigint;
alter table ops.load add column if not exists later_than_promised bigint;
alter table ops.load add column if not exists longest_lag_seconds bigint;
"""


@dataclass(frozen=True, slots=True)
class Load:
    """A landed batch: the rows of one file under one contract.

    `columns` are the source's own with their DuckDB `types`; `landed_at` is when the file was
    first read, UTC.
    """

    source: str
    batch_id: str
    file: str
    content_hash: str
    contract: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows_read: int
    rows_landed: int
    rows_rejected: int
    landed_at: datetime


def create_load_table(con: duckdb.DuckDBPyConnection) -> None:
    """Make ops.load where it does not exist. A batch is in force while `retired_in_run` is null.

    What tells of late rows (see sources/late.py) is null where rows cannot be late.
    """
    con.execute(_TABLE).fetchall()


def batch_id_of(content_hash: str, contract: str) -> str:
    """Return the id of the batch that a file makes under a contract."""
    return hashlib.sha256(f"{content_hash} {contract}".encode()).hexdigest()[:16]


def loads_in_force(con: duckdb.DuckDBPyConnection, source: str) -> list[Load]:
    """Return the batches that a source's views show, by file."""
    names = [field.name for field in fields(Load)]
    found = con.execute(
        f"select {', '.join(names)} from ops.load"
        " where source = $source and retired_in_run is null order by file, batch_id",
        {"source": source},
    ).fetchall()
    loads = [Load(*row) for row in found]
    return [replace(each, columns=tuple(each.columns), types=tuple(each.types)) for each in loads]


def retire(con: duckdb.DuckDBPyConnection, loads: Sequence[Load], run: int) -> None:
    """Take batches out of force. Their files are kept; their rejects are no longer the source's."""
    for load in loads:
        con.execute(
            "update ops.load set retired_in_run = $run"
            " where source = $source and batch_id = $batch_id and retired_in_run is null",
            {"run": run, "source": load.source, "batch_id": load.batch_id},
        ).fetchall()
        con.execute(
            "delete from ops.reject where source = $source and batch_id = $batch_id",
            {"source": load.source, "batch_id": load.batch_id},
        ).fetchall()


def record_load(con: duckdb.DuckDBPyConnection, load: Load, run: int) -> None:
    """Put a batch in force."""
    values = {"run": run, **asdict(load)}
    con.execute(
        f"insert into ops.load ({', '.join(values)})"
        f" values ({', '.join(f'${name}' for name in values)})",
        values,
    ).fetchall()


def landed_columns(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """Return the columns of each source's batches in force, by source; none before any landing."""
    if not has_table(con, "ops.load"):
        return {}
    rows = con.execute(
        "select source, columns from ops.load where retired_in_run is null"
        " order by source, file, batch_id"
    ).fetchall()
    found: dict[str, dict[str, None]] = {}
    for source, columns in rows:
        found.setdefault(source, {}).update(dict.fromkeys(columns))
    return {source: tuple(columns) for source, columns in found.items()}
