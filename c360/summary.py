"""What a command tells of the tables it has written."""

import duckdb

from c360.outcome import Outcome
from c360.runs import reading
from c360.step import Context
from c360.workspace import Workspace

_LANDED = """
select
  coalesce(sum(rows_read), 0), coalesce(sum(rows_landed), 0), coalesce(sum(rows_rejected), 0),
  count(*), count(*) filter (where (source, content_hash) in (
    select (source, content_hash) from ops.load where run < $run
  ))
from ops.load
where run = $run
"""


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def tell_landed(context: Context) -> Outcome:
    """Say what this run has landed."""
    read, landed, rejected, files, again = context.con.execute(
        _LANDED, {"run": context.run}
    ).fetchall()[0]
    figures = {
        "files": files,
        "again": again,
        "read": int(read),
        "landed": int(landed),
        "rejected": int(rejected),
    }
    text = (
        f"Landed {landed:,} of {_counted(read, 'row')} from {_counted(files - again, 'new file')}"
    )
    if again:
        text += f" and again from {_counted(again, 'file')}"
    if rejected:
        text += f"; {rejected:,} rejected, see {context.workspace.rejects('').parent}"
    return Outcome(text, {"landing": figures})


def tell_resolved(context: Context) -> Outcome:
    """Say how many customers there are now."""
    customers, identified, records = context.con.execute(
        "select count(*), count(*) filter (where is_identified), coalesce(sum(records), 0)"
        " from identity.customer where to_run is null and redirects_to is null"
    ).fetchall()[0]
    figures = {"customers": customers, "identified": identified, "records": int(records)}
    text = f"Resolved {_counted(records, 'record')} to {_counted(customers, 'customer')}"
    text += f" ({identified:,} identified)"
    return Outcome(text, {"resolution": figures})


def tell_queued(context: Context) -> Outcome | None:
    """Say how many doubts wait for a steward; None: none does."""
    ((items,),) = context.con.execute(
        "select count(*) from stewardship.review_item where state in ('open', 'assigned')"
    ).fetchall()
    if not items:
        return None
    doubts = "1 doubt waits" if items == 1 else f"{items:,} doubts wait"
    return Outcome(f"{doubts} for a steward: c360 review status", {"review_items": items})


def tell_decided(accepted: int, revoked: int) -> Outcome | None:
    """Say what a rule has decided in a run; None: nothing."""
    matches = "probable match" if accepted == 1 else "probable matches"
    parts = [f"accepted {accepted:,} {matches}"] if accepted else []
    parts += [f"took {_counted(revoked, 'earlier one')} back"] if revoked else []
    if not parts:
        return None
    text = f"A rule {' and '.join(parts)}; resolving again"
    return Outcome(text, {"accepted": accepted, "revoked": revoked})


def tell_kpis(con: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """Return the figures of gold.kpi_summary by metric."""
    rows = con.execute("select metric, value from gold.kpi_summary order by metric").fetchall()
    return {"kpis": {metric: float(value) for metric, value in rows}}


FIGURES = (
    ("customers", "Known customers"),
    ("paid_orders", "Paid orders"),
    ("gross_revenue_usd", "Gross revenue, USD"),
    ("net_revenue_usd", "Net revenue, USD"),
    ("profile_coverage_rate", "Profile coverage rate"),
    ("duplicate_profile_count", "Duplicate profiles"),
    ("critical_null_rate", "Critical null rate"),
    ("orders_freshness_lag_hours", "Orders freshness lag, hours"),
    ("clickstream_freshness_lag_hours", "Clickstream freshness lag, hours"),
    ("marketing_consent_rate", "Marketing consent rate"),
    ("urgent_retention_customers", "Urgent retention customers"),
)
"""The operating figures of the sample: metrics of gold.kpi_summary and ops.quality_check."""


def operating_figures(workspace: Workspace) -> Outcome:
    """Say the sample's operating figures, one a line."""
    with reading(workspace) as context:
        values = dict(
            context.con.execute(
                "select metric, value from ops.quality_check"
                " union all select metric, value from gold.kpi_summary"
            ).fetchall()
        )
    known = [(metric, label) for metric, label in FIGURES if values.get(metric) is not None]
    width = max(len(label) for _, label in FIGURES)
    lines = [f"  {label:<{width}}  {values[metric].normalize():,f}" for metric, label in known]
    return Outcome("\n".join(["", *lines]), {"figures": {m: float(values[m]) for m, _ in known}})
