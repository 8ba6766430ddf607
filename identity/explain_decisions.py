"""What people have decided about the records that an explanation is about, and its words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from c360.config import DECISION
from c360.identity.explain_evidence import Link, Record, printable, read_rows

_RULED_OUT = re.compile(r"(keep_apart|not shared:) (\S+)")
"""The reason of an observation that a decision rules out."""

_FORBIDDEN = re.compile(r"keep_apart (\S+): .*")
"""The reason of a value that would join what a decision keeps apart."""

_STEWARD = "steward"
"""The provenance of what a person decided."""

_UNUSABLE = frozenset({"junk", "suppressed", "generic"})


@dataclass(frozen=True, slots=True)
class Named:
    """Records as `source:record_id` and identifiers as `namespace:value`, never to be printed."""

    records: frozenset[str]
    identifiers: frozenset[str]

    def touches(self, other: "Named") -> bool:
        """Say whether both name a record, or an identifier, alike."""
        return bool(self.records & other.records or self.identifiers & other.identifiers)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that is in force, or that the last run obeyed and somebody revoked since.

    `value` is the `namespace:value` of a not_shared, never to be printed.
    """

    decision_id: str
    kind: str
    left: Named
    right: Named
    value: str | None
    valid_from: datetime | None
    reason: str
    decided_by: str
    decided_at: datetime
    provenance: str
    is_in_force: bool
    is_obeyed: bool

    @property
    def name(self) -> str:
        """The decision as people read it."""
        return f"decision {self.decision_id}"

    @property
    def told(self) -> str:
        """Who decided, when and why."""
        by = self.decided_by if self.provenance == _STEWARD else self.provenance
        why = " ".join(self.reason.split())
        revoked = "" if self.is_in_force else "; revoked since"
        return f"({printable(by)}, {self.decided_at:%Y-%m-%d}: {printable(why)}{revoked})"

    def sides(self, own: Named) -> frozenset[str]:
        """Return the sides (`l`, `r`) that name any of one's own records or identifiers."""
        sides = {"l": self.left, "r": self.right}
        return frozenset(side for side, named in sides.items() if named.touches(own))

    def parts(self, one: Named, other: Named) -> bool:
        """Say whether it is in force and names one on one side and the other on the other."""
        sides, others = self.sides(one), self.sides(other)
        return self.is_in_force and (
            ("l" in sides and "r" in others) or ("r" in sides and "l" in others)
        )


def read_decisions(
    con: duckdb.DuckDBPyConnection, own: Named, links: Iterable[Link]
) -> dict[str, Decision]:
    """Return the decisions in force that name what is one's own, and those that links tell of."""
    asked = {
        "records": sorted(own.records),
        "identifiers": sorted(own.identifiers),
        "decision_ids": sorted(_told_of(links)),
    }
    rows = read_rows(con, "explain_decision", asked)
    return {
        row[0]: Decision(row[0], row[1], _named(row[2:4]), _named(row[4:6]), *row[6:])
        for row in rows
    }


def named_by(records: Iterable[Record], links: Iterable[Link]) -> Named:
    """Return by what decisions may mean records and what they carry.

    What a decision rules out, or cannot stand for a person, is nobody's.
    """
    return Named(
        frozenset(f"{record.source}:{record.record_id}" for record in records),
        frozenset(
            f"{link.value.namespace}:{link.value.value}"
            for link in links
            if link.status not in _UNUSABLE and ruled_out_by(link) is None
        ),
    )


def is_decision(link: Link) -> bool:
    """Say whether a link is that of a decision to records that it names."""
    return link.value.namespace == DECISION


def because(reason: str | None, decisions: Mapping[str, Decision]) -> str:
    """Return a reason as people read it; of a decision it says who decided, when and why."""
    if found := _FORBIDDEN.fullmatch(reason or ""):
        return f"decision {found[1]} keeps them apart{_told(decisions, found[1])}"
    if found := _RULED_OUT.fullmatch(reason or ""):
        if found[1] == "keep_apart":
            what = "leaves it to one of the two that it keeps apart"
        else:
            what = f"gives it to one customer{_since(decisions.get(found[2]))}"
        return f"decision {found[2]} {what}{_told(decisions, found[2])}"
    return str(reason)


def ruled_out_by(link: Link) -> str | None:
    """Return the decision that rules an observation out; None where none does."""
    found = _RULED_OUT.fullmatch(link.reason or "")
    return found[2] if found else None


def decision_figures(decision: Decision) -> dict[str, object]:
    """Return a decision for programs; what it names stays in stewardship.decision."""
    return {
        "decision_id": decision.decision_id,
        "kind": decision.kind,
        "reason": decision.reason,
        "decided_by": decision.decided_by,
        "decided_at": decision.decided_at,
        "provenance": decision.provenance,
        "valid_from": decision.valid_from,
        "is_in_force": decision.is_in_force,
        "is_obeyed": decision.is_obeyed,
    }


def _named(told: Sequence[Sequence[str] | None]) -> Named:
    records, identifiers = told
    return Named(frozenset(records or ()), frozenset(identifiers or ()))


def _told_of(links: Iterable[Link]) -> set[str]:
    """Return the decisions that links are of, or whose reasons name them."""
    found = set()
    for link in links:
        if is_decision(link):
            found.add(link.value.value)
        for pattern, group in ((_FORBIDDEN, 1), (_RULED_OUT, 2)):
            if match := pattern.fullmatch(link.reason or ""):
                found.add(match[group])
    return found


def _told(decisions: Mapping[str, Decision], decision_id: str) -> str:
    decision = decisions.get(decision_id)
    return f" {decision.told}" if decision else ""


def _since(decision: Decision | None) -> str:
    if decision is None or decision.valid_from is None:
        return ""
    return f" from {decision.valid_from:%Y-%m-%d} on"
