"""Why records are one customer: what joins them, on what it hangs, and what was refused."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from c360.config import Settings
from c360.identity.explain_evidence import (
    Evidence,
    Link,
    Record,
    Value,
    is_weak,
    names_of,
    ordered,
    read_evidence,
    read_records,
    read_rows,
    read_tenures,
)
from c360.identity.explain_paths import (
    Bridge,
    Node,
    bridges,
    evidence_graph,
    root_of,
    routes,
    sides,
)
from c360.identity.explain_reference import Subject
from c360.identity.explain_rulings import Decided, read_decided
from c360.step import Context

if TYPE_CHECKING:
    from c360.identity.explain_paths import Graph

UNUSED = ("refused", "shared", "generic", "suppressed", "junk")
"""What may become of a value that joins nobody; a value alone on its keyring is simply alone."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the graph in a run."""

    run: int
    kind: str
    customer_id: str
    other_customer_id: str | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Side:
    """A part that a bridge holds to the rest: its records by source."""

    records: int
    sources: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A bridge with what lies on either side of it; weak: no anchor, so weaker evidence."""

    bridge: Bridge
    is_weak: bool
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All there is to say about a customer.

    `records` are in force as of `run` (None: now), `left` belonged to the customer once; `visits`
    are the namespaces whose values are made anew for each visit.
    """

    customer_id: str
    notes: tuple[str, ...]
    run: int | None
    is_identified: bool
    first_seen: datetime | None
    last_seen: datetime | None
    records: tuple[Record, ...]
    left: tuple[Record, ...]
    evidence: Evidence
    root: Value | None
    routes: dict[str, tuple[Node, ...]]
    spans: tuple[Span, ...]
    decided: Decided
    changes: tuple[Change, ...]
    former_ids: tuple[str, ...]
    visits: frozenset[str]

    @property
    def stands_alone(self) -> bool:
        """Whether no identifier stands for the person, so that the record is by itself."""
        return all(record.resolved_by == "none" for record in self.records)

    def links_of(self, *statuses: str) -> list[Link]:
        """Return the links of these statuses."""
        return [link for link in self.evidence.links if link.status in statuses]


def explain_customer(
    context: Context, subject: Subject, run: int | None, *, most: int | None
) -> Explanation:
    """Read all there is to say about the customer of a subject.

    Reads identity.customer, member, link, identifier, carried and change, and what was decided. Of
    the first `most` bridges (None: of all) it says what lies on either side.
    """
    con, settings = context.con, context.settings
    customer = {"customer_id": subject.customer_id}
    members = read_records(con, "explain_member", {"customer_ids": [subject.customer_id]})
    records = [record for record in members if record.is_in_force(run)]
    weights = Counter(record.keyring for record in records)
    evidence = ordered(read_evidence(con, settings, weights), names_of(records))
    graph = evidence_graph(evidence.links)
    root = root_of(graph, weights)
    tenures = subject.tenures or read_tenures(con, str(subject.customer_id))
    tenure = next((each for each in tenures if each.is_alive(run)), tenures[0])
    return Explanation(
        customer_id=str(subject.customer_id),
        notes=tuple(_notes(subject, run, evidence, weights)),
        run=run,
        is_identified=tenure.is_identified,
        first_seen=tenure.first_seen,
        last_seen=tenure.last_seen,
        records=tuple(records),
        left=tuple(_left(members, records)),
        evidence=evidence,
        root=root,
        routes=routes(graph, root) if root else {},
        spans=tuple(_spans(settings, records, graph, most)),
        decided=read_decided(con, str(subject.customer_id), records, evidence),
        changes=tuple(Change(*row) for row in read_rows(con, "explain_change", customer)),
        former_ids=tuple(row[0] for row in read_rows(con, "explain_former", customer)),
        visits=frozenset(name for name, each in settings.identifiers.items() if each.visit),
    )


def by_source(records: Sequence[Record]) -> tuple[tuple[str, int], ...]:
    """Return how many records each source has, the most first."""
    counted = Counter(record.source for record in records)
    return tuple(sorted(counted.items(), key=lambda each: (-each[1], each[0])))


def _spans(
    settings: Settings, records: Sequence[Record], graph: "Graph", most: int | None
) -> list[Span]:
    """Return the bridges, weak ones first, then by the records that they alone hold."""
    weights = Counter(record.keyring for record in records)
    of: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        of[record.keyring].append(record)
    found = sorted(bridges(graph, weights), key=lambda bridge: not is_weak(settings, bridge.value))
    return [
        Span(
            bridge,
            is_weak(settings, bridge.value),
            _sides(of, sides(graph, bridge.value)) if most is None or number < most else (),
        )
        for number, bridge in enumerate(found)
    ]


def _sides(of: Mapping[str, list[Record]], parts: Sequence[set[str]]) -> tuple[Side, ...]:
    """Return the parts by their records, the most first."""
    found = []
    for keyrings in parts:
        own = [record for keyring in keyrings for record in of[keyring]]
        found.append(Side(len(own), by_source(own)))
    return tuple(sorted(found, key=lambda side: (-side.records, side.sources)))


def _left(members: Sequence[Record], records: Sequence[Record]) -> list[Record]:
    """Return the records that belonged to the customer once and do not any more."""
    there = {(record.source, record.record_id) for record in records}
    gone = [r for r in members if r.to_run is not None and (r.source, r.record_id) not in there]
    return list({(record.source, record.record_id): record for record in gone}.values())


def _notes(
    subject: Subject, run: int | None, evidence: Evidence, weights: Counter[str]
) -> list[str]:
    notes = [] if subject.note is None else [subject.note]
    if subject.kind != "customer":
        notes.append(f"{subject.name} belongs to {subject.customer_id}")
    if run is not None:
        notes.append(
            f"records as of run {run}; what became of the identifiers is told as it is now"
        )
        known = {link.keyring for link in evidence.links}
        if any(keyring not in known for keyring in weights):
            notes.append("some of these records have changed since, and what they carried is gone")
    return notes
