"""Figures of the checks of identity and of what people decided."""

from dataclasses import replace
from decimal import Decimal

from c360.reports.figure import metrics
from c360.reports.graph import open_gates, share_of_ids_changed
from c360.reports.quality_check import SHOWN, Measure
from c360.reports.query import query
from c360.reports.stewardship import NOT_QUEUED, is_queued
from c360.step import Context


def measure_identity(context: Context) -> list[Measure]:
    """Measure the guards, the largest customer, and what runs changed or would have."""
    settings = context.settings
    limits = {name: each.limit for name, each in settings.identifiers.items() if each.limit}
    rows = query(
        context.con,
        "identity",
        shown=SHOWN,
        limited=list(limits),
        limits=list(limits.values()),
        one_per_person=list(settings.guards.one_per_person),
    )
    exempt = {metric: customers for metric, *_, customers in rows if customers}
    held = open_gates(context.con)
    named = "; ".join(f"run {gate.run} ({gate.broken})" for gate in held[:SHOWN])
    rows_of_metric = [
        *(row[:-1] for row in rows),
        ("identity_change_share", share_of_ids_changed(context.con), 0, ""),
        ("held_run_count", len({gate.run for gate in held}), len(held), named),
    ]
    return [
        replace(measure, aside=_exempt(exempt.get(measure.metric, 0)))
        for measure in metrics(rows_of_metric)
    ]


def _exempt(customers: int) -> str:
    if not customers:
        return ""
    who = "1 customer does" if customers == 1 else f"{customers:,} customers do"
    return f"{who} so by decisions of people, and {'is' if customers == 1 else 'are'} not counted."


def measure_stewardship(context: Context) -> list[Measure]:
    """Measure decisions that contradict each other, and the queue."""
    con = context.con
    conflicts = query(con, "conflict", shown=SHOWN)
    named = ", ".join(f"{merge} (forbidden by {apart})" for merge, _, apart, *_ in conflicts)
    count = conflicts[0][-1] if conflicts else 0
    return [
        Measure("decision_conflict_count", Decimal(count), count, named),
        _open_items(context),
    ]


def _open_items(context: Context) -> Measure:
    if not is_queued(context.con):
        return Measure("open_review_item_count", None, hindrance=f"{NOT_QUEUED}.")
    items = query(context.con, "item_state", as_of=context.as_of)
    return Measure("open_review_item_count", Decimal(sum(row[1] for row in items)))
