"""The customers that a steward should look at first, each with the drawing of its graph."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from c360.reports.graph import Graph
from c360.reports.query import query
from c360.step import Context
from c360.warehouse import has_table

if TYPE_CHECKING:
    from c360.reports.customer_drawing import CustomerDrawing

DRAWN = 3
"""Customers that are drawn, and the largest."""
DISPUTED = 1
"""Of these so many whom values tie to somebody else, where others hang by a thread."""
MOST_RECORDS = 2_000
"""Records of a customer that is drawn; a command draws larger ones."""


@dataclass(frozen=True, slots=True)
class Suspicious:
    """A customer who may be several people, or a part of one.

    `drawing` is None for a customer that is too large, or of a version that kept other tables.
    """

    customer_id: str
    records: int
    reasons: tuple[str, ...]
    drawing: "CustomerDrawing | None"


def read_suspicious(context: Context, graph: Graph) -> tuple[Suspicious, ...]:
    """Return who hangs by single values, who is tied to somebody else, and who is the largest."""
    reasons: dict[str, list[str]] = {}
    records: dict[str, int] = {}
    for bridged in graph.bridged[: DRAWN - DISPUTED]:
        records[bridged.customer_id] = bridged.records
        reasons[bridged.customer_id] = [
            f"{bridged.parts} parts hang together by {bridged.bridges.replace('_', ' ')} alone"
        ]
    for customer_id, held, sources, disputed, is_largest in query(
        context.con, "suspicious_customer", shown=DRAWN
    ):
        if customer_id not in reasons and len(reasons) >= DRAWN and not is_largest:
            continue
        records[customer_id] = held
        own = reasons.setdefault(customer_id, [])
        if disputed:
            values = "1 value also touches" if disputed == 1 else f"{disputed:,} values also touch"
            own.append(f"{values} somebody whom a guard keeps apart")
        if is_largest:
            own.append(f"the most records of all customers, from {sources} sources")
    return tuple(
        Suspicious(
            customer_id,
            records[customer_id],
            tuple(own),
            _drawing(context, customer_id, records[customer_id]),
        )
        for customer_id, own in reasons.items()
    )


def _drawing(context: Context, customer_id: str, records: int) -> "CustomerDrawing | None":
    if records > MOST_RECORDS or not has_table(context.con, "identity.value"):
        return None
    # networkx is imported where it is used.
    from c360.identity.explain_customer import explain_customer
    from c360.identity.explain_reference import find_subject
    from c360.reports.customer_drawing import draw_customer

    subject = find_subject(context, customer_id, None)
    return draw_customer(explain_customer(context, subject, None, most=3))
