"""What a run does to the graph: told of a plan, of a run that is held, and to gates of CI."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from c360.identity.gates import GateReading, read_gates
from c360.step import Context, read_sql, run_model
from c360.warehouse import has_table

KINDS = ("new", "merged", "split", "moved", "retired")
_SHOWN = 5
"""Customers that a plan names: of each kind the largest, and the most valuable ones."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do.

    `counts` has a number for each of KINDS; `largest` and `most_valuable` are lines for people;
    `guards` tells of each guard how many values it keeps apart (before, now); `gates` what the
    gates of the configuration measure.
    """

    counts: Mapping[str, int]
    largest: tuple[str, ...]
    most_valuable: tuple[str, ...]
    guards: Mapping[str, tuple[int, int]]
    gates: tuple[GateReading, ...]

    def lines(self) -> list[str]:
        """Return the plan as text."""
        counts = "  ".join(f"{kind} {self.counts[kind]:,}" for kind in KINDS)
        found = [f"Customers: {counts}"]
        if self.largest:
            found += ["The largest:", *(f"  {line}" for line in self.largest)]
        if self.most_valuable:
            found += ["The most valuable:", *(f"  {line}" for line in self.most_valuable)]
        if self.guards:
            found.append("Values that guards keep from joining (now; before):")
            found += [
                f"  {guard:<48} {now:>8,} {before:>8,}"
                for guard, (before, now) in sorted(self.guards.items())
            ]
        if self.gates:
            found.append("Gates:")
            found += [
                f"  {reading}{'' if reading.is_kept else ' - the run would be held'}"
                for reading in self.gates
            ]
        return found

    def figures(self) -> dict[str, object]:
        """Return the plan for programs."""
        return {
            "changes": dict(self.counts),
            "largest": list(self.largest),
            "most_valuable": list(self.most_valuable),
            "guards": {g: {"before": b, "now": n} for g, (b, n) in self.guards.items()},
            "gates": {
                r.gate: {"value": r.value, "most": r.most, "is_kept": r.is_kept} for r in self.gates
            },
        }


def count_guards(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many values each guard keeps from joining, of the run last resolved."""
    if not has_table(con, "identity.verdict"):
        return {}
    rows = con.execute(read_sql("identity", "identity.fired_guard")).fetchall()
    return {guard: shared + refused for guard, shared, refused in rows}


def make_plan(context: Context, guards_before: Mapping[str, int]) -> Plan:
    """Say what the run that `context` has resolved does to what was published.

    Writes temp.planned_change, the list of all changes.
    """
    con = context.con
    run_model("identity", "temp.planned_change", context, {"run": context.run})
    counts = dict(
        con.execute("select kind, count(*) from temp.planned_change group by kind").fetchall()
    )
    guards_now = count_guards(con)
    return Plan(
        counts={kind: counts.get(kind, 0) for kind in KINDS},
        largest=_largest(con),
        most_valuable=_most_valuable(con),
        guards={
            guard: (guards_before.get(guard, 0), guards_now.get(guard, 0))
            for guard in guards_before.keys() | guards_now.keys()
        },
        gates=tuple(read_gates(context)),
    )


def _largest(con: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    rows = con.execute(read_sql("identity", "identity.large_change"), {"shown": _SHOWN}).fetchall()
    return tuple(
        _line(kind, customer, other, f"{records:,} record{'' if records == 1 else 's'}", evidence)
        for kind, customer, other, records, evidence in rows
    )


def _most_valuable(con: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Name the customers by their revenue in the marts last built, where there are any."""
    if not has_table(con, "gold.customer_360"):
        return ()
    rows = con.execute(
        read_sql("identity", "identity.valuable_change"), {"shown": _SHOWN}
    ).fetchall()
    return tuple(
        _line(kind, customer, other, f"{revenue:,} USD", evidence)
        for kind, customer, other, revenue, evidence in rows
    )


def _line(
    kind: str, customer_id: str, other_customer_id: str | None, size: str, evidence: str
) -> str:
    joint = {"merged": "<-", "moved": "<-", "split": "->"}.get(kind, "")
    pair = f"{customer_id} {joint} {other_customer_id}" if other_customer_id else customer_id
    return f"{kind:<8} {pair:<46} {size:>16}  {evidence}"
