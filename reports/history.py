"""The figures of all checks so far."""

from collections.abc import Sequence
from decimal import Decimal

from c360.reports.quality_check import QualityCheck
from c360.step import Context
from c360.warehouse import create_tables, fill_table, has_table

HISTORY = "ops.check_history"


def keep_history(context: Context, checks: Sequence[QualityCheck]) -> None:
    """Add the checks of this run to ops.check_history.

    Columns: run, as_of, metric, value, status. Grain: (run, metric).
    """
    con = context.con
    if not has_table(con, HISTORY):
        create_tables(
            con,
            {
                HISTORY: "run integer, as_of timestamp, metric varchar, value decimal(18, 4),"
                " status varchar"
            },
        )
    con.execute(f"delete from {HISTORY} where run = $run", {"run": context.run}).fetchall()
    fill_table(
        con,
        "temp.checked",
        {"metric": "varchar", "value": "decimal(18, 4)", "status": "varchar"},
        [(check.metric, check.value, check.status) for check in checks],
    )
    con.execute(
        f"insert into {HISTORY} select $run, $as_of, metric, value, status from temp.checked",
        {"run": context.run, "as_of": context.as_of},
    ).fetchall()


def earlier_values(context: Context, metrics: Sequence[str]) -> dict[str, list[Decimal]]:
    """Return the figures of the last checks of each metric up to this moment, the latest first.

    What a check of a later moment found is left out: a replay knows nothing of it.
    """
    if not has_table(context.con, HISTORY):
        return {}
    rows = context.con.execute(
        f"select metric, list(value order by as_of desc, run desc)[:$runs] from {HISTORY}"
        " where run < $run and as_of <= $as_of and value is not null"
        " and metric in (select unnest(cast($metrics as varchar[]))) group by metric",
        {
            "run": context.run,
            "as_of": context.as_of,
            "metrics": list(metrics),
            "runs": context.settings.checks.drift.runs,
        },
    ).fetchall()
    return dict(rows)


def earlier_shares(context: Context) -> dict[str, Decimal]:
    """Return the share of each segment in the last check up to this moment, if there was one."""
    if not has_table(context.con, HISTORY):
        return {}
    return dict(
        context.con.execute(
            "with share as ("
            f"select run, as_of, metric, value from {HISTORY} where run < $run and as_of <= $as_of"
            " and ends_with(metric, '_segment_share'))"
            " select metric, value from share"
            " where run = (select max_by(run, (as_of, run)) from share)",
            {"run": context.run, "as_of": context.as_of},
        ).fetchall()
    )
