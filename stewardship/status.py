"""How far the stewards are: what is open, what is decided, and what waits for whom."""

import duckdb

from c360.identity.explain_evidence import printable
from c360.outcome import Outcome
from c360.step import Context, run_model

_SHOWN = 10
"""Decisions that are listed unless all are asked for; --json has all."""
_WAITING = ("open", "assigned")


def tell_status(context: Context, *, everything: bool = False) -> Outcome:
    """Count review items by kind and state, and list decisions: the last ones in force, or all."""
    con = context.con
    run_model("stewardship", "temp.standing_decision", context, {})
    run_model("stewardship", "temp.review_count", context, {})
    counts: dict[str, dict[str, int]] = {}
    for kind, state, items in con.execute(
        "select kind, state, items from temp.review_count order by kind, state"
    ).fetchall():
        counts.setdefault(kind, {})[state] = items
    in_force = dict(
        con.execute(
            "select kind, count(*) from temp.standing_decision where is_in_force"
            " group by kind order by kind"
        ).fetchall()
    )
    awaiting, obeyed = (_told(con, is_in_force=each) for each in (False, True))
    conflicts = sum(counts.get("decision_conflict", {}).get(state, 0) for state in _WAITING)
    figures: dict[str, object] = {
        "items": counts,
        "in_force": in_force,
        "decisions": [decision_id for decision_id, _ in obeyed],
        "awaiting_second": [decision_id for decision_id, _ in awaiting],
        "conflicts": conflicts,
    }
    lines = ["Review items"]
    lines += [f"  {kind}: {_listed(states)}" for kind, states in counts.items()] or ["  none"]
    for head, decisions in (
        (f"Decisions in force: {_listed(in_force) or 'none'}", obeyed),
        (f"Awaiting a second: {len(awaiting) or 'none'}", awaiting),
    ):
        shown = len(decisions) if everything else _SHOWN
        lines += [head, *(f"  {told}" for _, told in decisions[:shown])]
        if len(decisions) > shown:
            lines.append(f"  +{len(decisions) - shown:,} earlier ones (--all)")
    lines.append(f"Decisions in conflict: {conflicts or 'none'}")
    return Outcome("\n".join(lines), {"review": figures})


def _told(con: duckdb.DuckDBPyConnection, *, is_in_force: bool) -> list[tuple[str, str]]:
    """Return the decisions that are in force, or await a second, and how each is told."""
    rows = con.execute(
        "select decision_id, kind, coalesce(', ' || item_id, ''), decided_by, reason,"
        " strftime(decided_at, '%Y-%m-%d') from temp.standing_decision"
        " where is_in_force = $is_in_force order by number desc",
        {"is_in_force": is_in_force},
    ).fetchall()
    return [
        (
            decision_id,
            f"{decision_id} {kind}{item} ({printable(by)}, {day}: {printable(reason)})",
        )
        for decision_id, kind, item, by, reason, day in rows
    ]


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())
