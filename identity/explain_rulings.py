"""What people have decided about one customer, and what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from c360.config import DECISION
from c360.identity.explain_decisions import (
    Decision,
    Named,
    because,
    decision_figures,
    named_by,
    read_decisions,
    ruled_out_by,
)
from c360.identity.explain_evidence import Evidence, Link, Record, Value, read_rows

_FEW = 3
"""Customers of the other side that are named; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision in force about a customer.

    `sides` are those that name it; `others` the customers of the other side's records now. `link`
    is what became of a merge, None where no run has obeyed it yet. `value` is that of a not_shared;
    it is ruled out on `ruled_out` of the customer's records.
    """

    decision: Decision
    sides: frozenset[str]
    others: tuple[str, ...]
    link: Link | None
    value: Value | None
    ruled_out: int


@dataclass(frozen=True, slots=True)
class Override:
    """A guard that a customer breaks because people decided so."""

    guard: str
    count: int
    most: int
    decisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What people decided about a customer; `known` has also what its links only tell of."""

    rulings: tuple[Ruling, ...]
    overridden: tuple[Override, ...]
    known: Mapping[str, Decision]

    @property
    def others(self) -> dict[str, Decision]:
        """Return the decisions that only links tell of: who took them is told there."""
        own = {ruling.decision.decision_id for ruling in self.rulings}
        return {key: each for key, each in self.known.items() if key not in own}


def read_decided(
    con: duckdb.DuckDBPyConnection,
    customer_id: str,
    records: Sequence[Record],
    evidence: Evidence,
) -> Decided:
    """Read what people have decided about the records of a customer.

    Reads stewardship.decision, decision_in_force, identity.read_decision, member and
    overridden_guard.
    """
    own = named_by(records, evidence.links)
    known = read_decisions(con, own, evidence.links)
    about = [each for each in known.values() if each.is_in_force and each.sides(own)]
    customers = _customers(con, about, own)
    overridden = read_rows(con, "explain_overridden", {"customer_id": customer_id})
    rulings = tuple(
        Ruling(
            decision=each,
            sides=each.sides(own),
            others=tuple(sorted(_across(each, own, customers) - {customer_id})),
            link=next((link for link in evidence.links if _is_of(link, each)), None),
            value=next((value for value in evidence.counts if _text(value) == each.value), None),
            ruled_out=_ruled_out(each, records, evidence),
        )
        for each in about
    )
    return Decided(
        rulings,
        tuple(
            Override(guard, count, most, tuple(decisions))
            for guard, count, most, decisions in overridden
        ),
        known,
    )


def decided_text(decided: Decided, customer_id: str) -> list[str]:
    """Return a line per decision in force, and per guard that is overridden."""
    width = max((len(_word(ruling)) for ruling in decided.rulings), default=0)
    lines = [
        f"  {_word(ruling):<{width}}  {ruling.decision.decision_id} {ruling.decision.told}: "
        + _outcome(ruling, customer_id, decided.known)
        for ruling in decided.rulings
    ]
    lines += [
        f"  holds {each.count:,} {each.guard}, at most {each.most:,}:"
        f" by decision {', '.join(each.decisions)}"
        for each in decided.overridden
    ]
    return lines


def decided_figures(decided: Decided) -> dict[str, object]:
    """Return the decisions in force and the overridden guards for programs."""
    return {
        "decisions": [
            {
                **decision_figures(ruling.decision),
                "sides": sorted(ruling.sides),
                "other_customers": list(ruling.others),
                "status": ruling.link.status if ruling.link else None,
                "status_reason": ruling.link.reason if ruling.link else None,
                "namespace": ruling.value.namespace if ruling.value else None,
                "value": ruling.value.shown if ruling.value else None,
                "ruled_out_records": ruling.ruled_out,
            }
            for ruling in decided.rulings
        ],
        "overridden_guards": [
            {
                "guard": each.guard,
                "values": each.count,
                "at_most": each.most,
                "decisions": list(each.decisions),
            }
            for each in decided.overridden
        ],
    }


def _customers(
    con: duckdb.DuckDBPyConnection, decisions: Iterable[Decision], own: Named
) -> dict[str, str]:
    """Return where the records that are named beside one's own are now."""
    asked = {
        record
        for decision in decisions
        for record in decision.left.records | decision.right.records
        if record not in own.records
    }
    return dict(read_rows(con, "explain_other", {"records": sorted(asked)})) if asked else {}


def _across(decision: Decision, own: Named, customers: Mapping[str, str]) -> set[str]:
    """Return the customers of the records that stand on the other side."""
    sides = decision.sides(own)
    named: set[str] = set()
    if "l" in sides:
        named |= decision.right.records
    if "r" in sides:
        named |= decision.left.records
    return {customers[record] for record in named if record in customers}


def _ruled_out(decision: Decision, records: Iterable[Record], evidence: Evidence) -> int:
    """Return on how many records a decision rules a value out."""
    refused = {
        link.keyring for link in evidence.links if ruled_out_by(link) == decision.decision_id
    }
    return sum(record.keyring in refused for record in records)


def _is_of(link: Link, decision: Decision) -> bool:
    return link.value.namespace == DECISION and link.value.value == decision.decision_id


def _text(value: Value) -> str:
    return f"{value.namespace}:{value.value}"


def _word(ruling: Ruling) -> str:
    kind = ruling.decision.kind
    return "put off" if kind == "defer" else kind.replace("_", " ")


def _outcome(ruling: Ruling, customer_id: str, known: Mapping[str, Decision]) -> str:
    decision = ruling.decision
    if decision.kind == "defer":
        return "nothing is decided yet"
    if not decision.is_obeyed:
        return "waits for the next `c360 resolve`"
    if decision.kind == "merge":
        return _joined(ruling.link, customer_id, known)
    others = _named_few(ruling.others) or "records that are gone"
    if decision.kind == "keep_apart":
        return f"apart from {others}"
    value = ruling.value.name if ruling.value else f"a value of {str(decision.value).split(':')[0]}"
    since = f" from {decision.valid_from:%Y-%m-%d} on" if decision.valid_from else ""
    if "l" in ruling.sides:
        return f"{value} is this customer's{since}; ruled out at {others}"
    return f"{value} is of {others}{since}; ruled out on {ruling.ruled_out:,} of these records"


def _joined(link: Link | None, customer_id: str, known: Mapping[str, Decision]) -> str:
    """Say what became of a merge."""
    if link is None or link.status == "alone":
        return "joins nobody: no record of the other side is in force"
    if link.status == "joined":
        return "joined"
    others = [c for c in (link.customer_l, link.customer_r) if c is not None and c != customer_id]
    apart = f"; not one with {', '.join(others)}" if others else ""
    return f"{link.status}, because {because(link.reason, known)}{apart}"


def _named_few(customers: Sequence[str]) -> str:
    more = len(customers) - _FEW
    return ", ".join(customers[:_FEW]) + (f" and {more:,} more" if more > 0 else "")
