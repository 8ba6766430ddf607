"""The health of the identity graph: what hangs by a thread, what guards did, what runs changed."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import duckdb

from c360.identity.gates import GateReading, read_gates
from c360.reports.query import query
from c360.step import Context, read_sql

SHOWN = 5
"""Customers and changes that are named; the rest are counted."""
RUNS = 10
"""Runs that are shown, the last of them."""
DECIDED_TIER = 0
"""The tier of the identifiers that are decisions to merge."""


@dataclass(frozen=True, slots=True)
class HeldByBridge:
    """A customer whose anchored parts hang together by single values, of these namespaces."""

    customer_id: str
    records: int
    parts: int
    bridges: str


@dataclass(frozen=True, slots=True)
class FiredGuard:
    """How many values a guard made shared, and how many refused."""

    guard: str
    shared: int
    refused: int


@dataclass(frozen=True, slots=True)
class RunChange:
    """How many changes of each kind a published run made."""

    run: int
    as_of: datetime
    new: int
    merged: int
    split: int
    moved: int
    retired: int


@dataclass(frozen=True, slots=True)
class Change:
    """A merge (`customer_id` survived) or a split (`other_customer_id` is the new part)."""

    kind: str
    customer_id: str
    other_customer_id: str
    evidence: str


@dataclass(frozen=True, slots=True)
class BrokenGate:
    """A gate for which a run was held; `is_open` until a later run is published."""

    run: int
    as_of: datetime
    broken: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """The health of the graph. `held_by_bridge` counts all such customers, `bridged` names some.

    `several_parts` counts the customers of several anchored parts; `runs` are those that changed
    anything, the last first. `largest` are merges and splits of `last_run`, which `gates` measure.
    """

    several_parts: int
    held_by_bridge: int
    bridged: tuple[HeldByBridge, ...]
    guards: tuple[FiredGuard, ...]
    last_run: int
    runs: tuple[RunChange, ...]
    largest: tuple[Change, ...]
    held_runs: tuple[BrokenGate, ...]
    gates: tuple[GateReading, ...]


def read_graph(context: Context) -> Graph:
    """Read the health of the graph after the last published run of `c360 resolve`."""
    con, identifiers = context.con, context.settings.identifiers
    # What people joined holds like an anchor.
    anchor_tiers = [DECIDED_TIER] + [
        tier
        for tier, identifier in enumerate(identifiers.values(), start=1)
        if identifier.strength == "anchor"
    ]
    bridged = query(
        con,
        "held_by_bridge",
        anchor_tiers=anchor_tiers,
        namespaces=list(identifiers),
        shown=SHOWN,
    )
    guards = con.execute(read_sql("identity", "identity.fired_guard")).fetchall()
    run = last_run(con)
    return Graph(
        several_parts=bridged[0][-1],
        held_by_bridge=bridged[0][-2],
        bridged=tuple(HeldByBridge(*row[:4]) for row in bridged if row[0] is not None),
        guards=tuple(
            FiredGuard(*row) for row in sorted(guards, key=lambda row: (-row[1] - row[2], row[0]))
        ),
        last_run=run,
        runs=tuple(RunChange(*row) for row in query(con, "run_change", shown=RUNS)),
        largest=tuple(Change(*row) for row in query(con, "largest_change", run=run, shown=SHOWN)),
        held_runs=tuple(BrokenGate(*row) for row in query(con, "held_run", shown=RUNS)),
        gates=tuple(read_gates(replace(context, run=run))),
    )


def last_run(con: duckdb.DuckDBPyConnection) -> int:
    """Return the last published run of `c360 resolve`; 0 where there is none."""
    rows = con.execute("select max(run) from ops.run where command = 'resolve'").fetchall()
    return rows[0][0] or 0


def share_of_ids_changed(con: duckdb.DuckDBPyConnection) -> Decimal:
    """Return the share of the customers published before that the last run changed, 0 to 1."""
    gate = read_sql("identity", "identity.gate")
    rows = con.execute(
        f"select max_share_of_ids_changed from (\n{gate}\n)", {"run": last_run(con)}
    ).fetchall()
    return Decimal(str(rows[0][0]))


def open_gates(con: duckdb.DuckDBPyConnection) -> list[BrokenGate]:
    """Return the gates for which runs were held since the last published one."""
    rows = (BrokenGate(*row) for row in query(con, "held_run", shown=RUNS))
    return [gate for gate in rows if gate.is_open]
