"""How far the stewards are: what is open, what is decided, and what waits for whom."""

import duckdb

from c360.identity.explain_evidence import printable
from c360.outcome import Outcome
from c360.step import Context, run_model

_SHOWN = 20
"""Ids that are listed in text; --json has all."""
_WAITING = ("open", "assigned")


def tell_status(context: Context) -> Outcome:
    """Count review items by kind and state and decisions by kind, and list those that wait."""
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
    awaiting = _awaiting(con)
    conflicts = sum(counts.get("decision_conflict", {}).get(state, 0) for state in _WAITING)
    figures: dict[str, object] = {
        "items": counts,
        "in_force": in_force,
        "awaiting_second": [decision_id for decision_id, _ in awaiting],
        "conflicts": conflicts,
    }
    lines = ["Review items"]
    lines += [f"  {kind}: {_listed(states)}" for kind, states in counts.items()] or ["  none"]
    lines.append(f"Decisions in force: {_listed(in_force) or 'none'}")
    lines.append(f"Awaiting a second: {len(awaiting) or 'none'}")
    lines += [f"  {told}" for _, told in awaiting[:_SHOWN]]
    if len(awaiting) > _SHOWN:
        lines.append(f"  +{len(awaiting) - _SHOWN} more, see --json")
    lines.append(f"Decisions in conflict: {conflicts or 'none'}")
    return Outcome("\n".join(lines), {"review": figures})


def _awaiting(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return the decisions that await a second, and how each is told."""
    rows = con.execute(
        "select decision_id, kind, decided_by, reason from temp.standing_decision"
        " where not is_in_force order by number"
    ).fetchall()
    return [
        (decision_id, f"{decision_id} {kind} of {printable(decided_by)}: {printable(reason)}")
        for decision_id, kind, decided_by, reason in rows
    ]


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())
