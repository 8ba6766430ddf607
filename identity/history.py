"""Which customer each record belongs to, as intervals of runs."""

from c360.step import Context, read_sql, run_model
from c360.warehouse import build_table, export, has_table


def build_members(context: Context) -> None:
    """Write identity.member: the current places, and those that this run ended.

    A record whose customer, evidence and namespace are as before keeps its `from_run`.
    """
    con = context.con
    if has_table(con, "identity.member"):
        run_model("identity", "temp.current_member", context, {})
        con.execute("create or replace temp table past_member as from identity.member").fetchall()
        run_model("identity", "identity.member", context, {"run": context.run})
    else:
        build_table(
            con,
            "identity.member",
            f"select *, cast($run as integer) as from_run, cast(null as integer) as to_run"
            f" from ({read_sql('identity', 'identity.current_member')})",
            {"run": context.run},
        )


def customer_parameters(context: Context) -> dict[str, object]:
    """Return the sources whose records make a customer a known person."""
    return {"mastering": context.settings.mastering_sources()}


def export_members(context: Context) -> None:
    """Write data/silver/customer_identity.parquet and .csv: one row per record."""
    for suffix in ("parquet", "csv"):
        export(
            context.con,
            "select source, record_id, customer_id, resolved_by, evidence, confidence,"
            " from_run as run from identity.member where to_run is null order by source, record_id",
            context.workspace.silver(f"customer_identity.{suffix}"),
        )
