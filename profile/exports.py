"""The gold marts as files: Parquet for programs, CSV for people."""

import json
from importlib.metadata import version
from pathlib import Path

import duckdb

from c360.profile.activation import activation_tables
from c360.profile.contracts import contracts
from c360.step import Context
from c360.warehouse import export

LOGS = ("customer_timeline", "journey_touchpoint", "session")
"""Marts of a row per event, which are read in the warehouse: a file would hold everything."""

STAR = ("dim_", "fact_")
"""How the names of the star schema begin, which tools read in the warehouse."""

KPI_CSV = """
  select
    metric,
    case unit
      when 'count' then cast(cast(value as bigint) as varchar)
      when 'share' then cast(value as varchar)
      else cast(cast(value as decimal(18, 2)) as varchar)
    end as value,
    unit,
    definition
  from gold.kpi_summary
  order by metric
"""
"""The metrics as people read them: 120 customers, 28142.12 usd, a share of 0.8083."""


def exported(context: Context) -> dict[str, tuple[str, ...]]:
    """Return the marts that are written as files, each with the columns that order its rows."""
    promised = {
        mart: contract.key
        for mart, contract in contracts().items()
        if mart not in LOGS and not mart.startswith(STAR)
    }
    audiences = {mart: ("customer_id",) for mart in activation_tables(context.settings)}
    return promised | audiences


def export_gold(context: Context, *, is_full: bool = True) -> None:
    """Write data/gold/<mart>.parquet and .csv, and data/silver/customer_profile_base.parquet.

    Rows are in the order of their grain, so equal tables give equal bytes. Files that nobody has
    touched since they were written stay as they are where their table has the same rows, unless
    `is_full`.
    """
    con, workspace = context.con, context.workspace
    marts = exported(context)
    for path in workspace.gold("").glob("activation_*.*"):
        if path.stem not in marts:  # an audience that is no more
            path.unlink()
    written = {} if is_full else _written(workspace.gold(WRITTEN))
    for mart, grain in marts.items():
        files = [workspace.gold(f"{mart}.{suffix}") for suffix in ("parquet", "csv")]
        if mart in written and written[mart] == _state(_digest(con, f"gold.{mart}"), files):
            continue
        # Sorted once for both files.
        con.execute(
            f"create or replace temp table sorted as from gold.{mart} order by {', '.join(grain)}"
        ).fetchall()
        export(con, "from temp.sorted", files[0])
        export(con, KPI_CSV if mart == "kpi_summary" else "from temp.sorted", files[1])
        written[mart] = _state(_digest(con, "temp.sorted"), files)
        con.execute("drop table temp.sorted").fetchall()
    export(
        con,
        "from silver.customer_profile_base order by customer_id",
        workspace.silver("customer_profile_base.parquet"),
    )
    kept = {mart: written[mart] for mart in marts}
    workspace.gold(WRITTEN).write_text(json.dumps(kept, indent=1), encoding="utf-8")


WRITTEN = ".written.json"
"""File beside the marts: of what rows they were written, and what the files then looked like."""


def _written(path: Path) -> dict[str, list[object]]:
    try:
        told: dict[str, list[object]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told


def _state(digest: str, files: list[Path]) -> list[object]:
    found = [path.stat() for path in files if path.exists()]
    return [digest, *([each.st_size, each.st_mtime_ns] for each in found)]


def _digest(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """Return what tells the columns and rows of a table from others, whatever their order."""
    columns = [f"{name} {type_}" for name, type_, *_ in con.execute(f"describe {table}").fetchall()]
    (rows, total), *_ = con.execute(
        f"select count(*), sum(hash(t)::hugeint) from {table} as t"
    ).fetchall()
    made_by = f"c360 {version('c360')}, duckdb {duckdb.__version__}"
    return f"{made_by}: {rows} rows, {total}, of {', '.join(columns)}"
