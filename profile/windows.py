"""Columns whose names say the length of their window: `sessions` becomes `sessions_45d`."""

from c360.rules import Rules
from c360.step import Context


def window_names(rules: Rules) -> dict[str, str]:
    """Return the name that a windowed column of a gold mart gets, by the name it has in SQL."""
    return {
        "click_events": f"click_events_{rules.behaviour_days}d",
        "sessions": f"sessions_{rules.behaviour_days}d",
        "support_tickets": f"support_tickets_{rules.service_days}d",
    }


def name_windows(context: Context, table: str) -> None:
    """Name the windows of a gold table in its columns; tables of silver keep theirs."""
    if not table.startswith("gold."):
        return
    columns = {name for name, *_ in context.con.execute(f"describe {table}").fetchall()}
    for name, windowed in window_names(context.settings.rules).items():
        if name in columns:
            context.con.execute(f"alter table {table} rename {name} to {windowed}").fetchall()
