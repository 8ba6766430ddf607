"""The gold marts as files: Parquet for programs, CSV for people."""

from c360.step import Context
from c360.warehouse import export

GOLD = {
    "customer_360": "customer_id",
    "segment_summary": "segment",
    "kpi_summary": "metric",
    "activation_candidates": "customer_id",
    "activation_excluded": "customer_id",
    "serving_profile": "customer_id",
    "anonymous_visitor": "customer_id",
    "score_reason": "customer_id, reason",
}
"""Each mart with its grain, by which its rows are ordered."""

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


def export_gold(context: Context) -> None:
    """Write data/gold/<mart>.parquet and .csv, and data/silver/customer_profile_base.parquet.

    Rows are in the order of their grain, so equal tables give equal bytes.
    """
    con, workspace = context.con, context.workspace
    for mart, grain in GOLD.items():
        rows = f"from gold.{mart} order by {grain}"
        export(con, rows, workspace.gold(f"{mart}.parquet"))
        export(con, KPI_CSV if mart == "kpi_summary" else rows, workspace.gold(f"{mart}.csv"))
    export(
        con,
        "from silver.customer_profile_base order by customer_id",
        workspace.silver("customer_profile_base.parquet"),
    )
