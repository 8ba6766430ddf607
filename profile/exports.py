"""The gold marts as files: Parquet for programs, CSV for people."""

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


def export_gold(context: Context) -> None:
    """Write data/gold/<mart>.parquet and .csv, and data/silver/customer_profile_base.parquet.

    Rows are in the order of their grain, so equal tables give equal bytes.
    """
    con, workspace = context.con, context.workspace
    marts = exported(context)
    for path in workspace.gold("").glob("activation_*.*"):
        if path.stem not in marts:  # an audience that is no more
            path.unlink()
    for mart, grain in marts.items():
        # Sorted once for both files.
        con.execute(
            f"create or replace temp table sorted as from gold.{mart} order by {', '.join(grain)}"
        ).fetchall()
        export(con, "from temp.sorted", workspace.gold(f"{mart}.parquet"))
        rows = KPI_CSV if mart == "kpi_summary" else "from temp.sorted"
        export(con, rows, workspace.gold(f"{mart}.csv"))
    con.execute("drop table temp.sorted").fetchall()
    export(
        con,
        "from silver.customer_profile_base order by customer_id",
        workspace.silver("customer_profile_base.parquet"),
    )
