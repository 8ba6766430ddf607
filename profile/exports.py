"""The gold marts as files: Parquet for programs, CSV for people."""

import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import duckdb

from c360.profile.activation import activation_tables
from c360.profile.contracts import contracts
from c360.step import Context
from c360.warehouse import drop_scratch, export

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
    past = {} if is_full else _written(workspace.gold(WRITTEN))
    written = {
        mart: _export(
            con,
            f"gold.{mart}",
            grain,
            [workspace.gold(f"{mart}.{suffix}") for suffix in ("parquet", "csv")],
            past.get(mart),
        )
        for mart, grain in marts.items()
    }
    base = "customer_profile_base"
    written[base] = _export(
        con,
        f"silver.{base}",
        ("customer_id",),
        [workspace.silver(f"{base}.parquet")],
        past.get(base),
    )
    workspace.gold(WRITTEN).write_text(json.dumps(written, indent=1), encoding="utf-8")


State = list[object]
"""A digest of the rows of a table, and size and time of each of its files."""

WRITTEN = ".written.json"
"""File beside the marts: of what rows they were written, and what the files then looked like."""


def _export(
    con: duckdb.DuckDBPyConnection,
    table: str,
    grain: Sequence[str],
    files: Sequence[Path],
    past: State | None,
) -> State:
    """Write the files of a table, unless they are as they were `past`; return what they are now."""
    if past is not None:
        if _is_view(con, table):  # computed once, to be compared and to be sorted
            con.execute(f"create or replace temp table viewed as from {table}").fetchall()
            table = "temp.viewed"
        if past == _state(_digest(con, table), files):
            return past
    # Sorted once for all files.
    con.execute(
        f"create or replace temp table sorted as from {table} order by {', '.join(grain)}"
    ).fetchall()
    for path in files:
        rows = KPI_CSV if path.name == "kpi_summary.csv" else "from temp.sorted"
        export(con, rows, path)
    state = _state(_digest(con, "temp.sorted"), files)
    drop_scratch(con)
    return state


def _is_view(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    schema, _, name = table.partition(".")
    return bool(
        con.execute(
            "select 1 from duckdb_views() where database_name = 'c360'"
            " and schema_name = $schema and view_name = $name",
            {"schema": schema, "name": name},
        ).fetchall()
    )


def _written(path: Path) -> dict[str, State]:
    try:
        told: dict[str, State] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told


def _state(digest: str, files: Sequence[Path]) -> State:
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
