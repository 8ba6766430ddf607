"""Rows that could not be landed: kept with their reason in ops.reject, and shown as CSV."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from c360.sources.loads import Load
from c360.sources.quoting import pattern_sql, text_sql
from c360.step import Context
from c360.warehouse import export

_TABLE = """
create table if not exists ops.reject (
  source varchar not null,
  batch_id varchar not null,
  file varchar not null,
  row_number bigint not null,
  reason varchar not null,
  raw varchar
)
"""


def create_reject_table(con: duckdb.DuckDBPyConnection) -> None:
    """Make ops.reject where it does not exist. It holds the rejects of batches in force."""
    con.execute(_TABLE).fetchall()


def record_rejects(con: duckdb.DuckDBPyConnection, load: Load, rejects: Path) -> None:
    """Add a batch's bad rows, read from Parquet, to ops.reject."""
    con.execute(
        "insert into ops.reject select $source, $batch_id, $file, row_number, reason, raw"
        f" from read_parquet({pattern_sql(rejects)}) order by row_number",
        {"source": load.source, "batch_id": load.batch_id, "file": load.file},
    ).fetchall()


def keep_rejects(con: duckdb.DuckDBPyConnection, old: Load, batch_id: str) -> None:
    """Hand the rejects of one batch on to the batch that takes its place."""
    con.execute(
        "update ops.reject set batch_id = $new where source = $source and batch_id = $old",
        {"source": old.source, "old": old.batch_id, "new": batch_id},
    ).fetchall()


def first_reasons(con: duckdb.DuckDBPyConnection, source: str, limit: int = 3) -> list[str]:
    """Return why the first rows of a source were rejected, with file and row."""
    found = con.execute(
        "select file, row_number, reason from ops.reject where source = $source"
        " order by file, row_number limit $limit",
        {"source": source, "limit": limit},
    ).fetchall()
    return [f"{file} row {row_number}: {reason}" for file, row_number, reason in found]


def export_rejects(context: Context, sources: Iterable[str] | None = None) -> None:
    """Write data/rejects/<source>.csv for every source (or the named) that has rejects.

    The file of a source that has none any more is removed.
    """
    for source in context.settings.sources if sources is None else sources:
        path = context.workspace.rejects(source)
        if first_reasons(context.con, source, limit=1):
            query = (
                "select file, row_number, reason, raw from ops.reject"
                f" where source = {text_sql(source)} order by file, row_number, reason"
            )
            export(context.con, query, path)
        else:
            path.unlink(missing_ok=True)
