"""Why two records, values or customers are one customer, or why they are not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import duckdb

from c360.config import DECISION, Settings
from c360.identity.explain_decisions import Decision, named_by, read_decisions
from c360.identity.explain_evidence import (
    Evidence,
    Link,
    Record,
    Value,
    joined,
    names_of,
    ordered,
    read_evidence,
    read_records,
    read_rows,
)
from c360.identity.explain_paths import (
    BLOCKED,
    Node,
    evidence_graph,
    separators,
    shortest_path,
)
from c360.identity.explain_reference import Subject, read_keyrings
from c360.step import Context

_ROUNDS = 3
"""How often the search goes from known values to the records of others that carry them."""

_MOST_KEYRINGS = 5_000
"""Keyrings that the search looks at: a steward does not follow a chain through more."""

DEAD = frozenset({"generic", "junk", "suppressed"})
"""What becomes of a value that no chain leads through."""

_LINKING = ("joined", "alone")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A guard that the two customers together would break."""

    guard: str
    count: int
    most: int


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """Why two subjects are joined or apart.

    `path` leads from one to the other, over `blocked` values where they are apart; it is empty
    where nothing connects them, and `is_searched` says that every chain was followed. `hinges` are
    the values without which the path, and with it the customer, would break. `common` are the
    values that both show themselves; `names` has a record of every keyring on the path. `decided`
    are the merges on the path and the other decisions in force whose sides are the two; `known` has
    also what links tell of.
    """

    left: Subject
    right: Subject
    is_joined: bool
    run: int | None
    path: tuple[Node, ...]
    blocked: tuple[Link, ...]
    hinges: tuple[Value, ...]
    common: tuple[Link, ...]
    conflicts: tuple[Conflict, ...]
    decided: tuple[Decision, ...]
    known: Mapping[str, Decision]
    names: dict[str, str]
    is_searched: bool


def explain_pair(
    context: Context, left: Subject, right: Subject, run: int | None
) -> PairExplanation:
    """Read why two subjects are one customer, or why they are not.

    Reads identity.member, link, identifier, carried, cluster, record and keyring_attribute, and
    what was decided.
    """
    con, settings = context.con, context.settings
    is_joined = left.customer_id == right.customer_id is not None
    (own_l, own_r), members = _keyrings(con, (left, right), run)
    names = names_of(members)
    known = {*own_l, *own_r}
    evidence = ordered(read_evidence(con, settings, known), names)
    ends = _ends(left, own_l, evidence, names), _ends(right, own_r, evidence, names)
    path, is_searched = _path(evidence.links, ends, is_joined=is_joined), is_joined
    rounds = 0 if is_joined or {left.status, right.status} & DEAD else _ROUNDS
    while not path and rounds and not is_searched and len(known) < _MOST_KEYRINGS:
        found = _neighbours(con, evidence) - known
        known |= found
        rounds, is_searched = rounds - 1, not found
        evidence = joined(evidence, read_evidence(con, settings, found))
        path = _path(evidence.links, ends, is_joined=False)
    blocked = _blocked(evidence.links, path)
    common = _common(evidence.links, (left, own_l), (right, own_r))
    sides = [
        named_by(
            (m for m in members if m.customer_id == subject.customer_id),
            (link for link in evidence.links if link.keyring in keyrings),
        )
        for subject, keyrings in ((left, own_l), (right, own_r))
    ]
    told = [link for link in evidence.links if link.value in path]
    decisions = read_decisions(con, sides[0], [*told, *common])
    return PairExplanation(
        left=left,
        right=right,
        is_joined=is_joined,
        run=run,
        path=tuple(path),
        blocked=tuple(blocked),
        hinges=tuple(separators(evidence_graph(evidence.links), path)) if is_joined else (),
        common=tuple(common),
        conflicts=()
        if is_joined or left.customer_id is None or right.customer_id is None
        else tuple(_conflicts(con, settings, evidence, own_l | own_r)),
        decided=tuple(
            each
            for each in decisions.values()
            if _is_on(path, each)
            or (each.parts(*sides) and not (each.kind == "merge" and each.is_obeyed))
        ),
        known=decisions,
        names=_names(con, path, left, right),
        is_searched=is_searched,
    )


def _keyrings(
    con: duckdb.DuckDBPyConnection, subjects: Sequence[Subject], run: int | None
) -> tuple[list[set[str]], list[Record]]:
    """Return the keyrings of each subject's customer, and the records of both customers.

    The keyrings are the subject's own where it has no customer.
    """
    of: dict[str | None, set[str]] = {subject.customer_id: set() for subject in subjects}
    asked = {"customer_ids": sorted(customer for customer in of if customer is not None)}
    members = [m for m in read_records(con, "explain_member", asked) if m.is_in_force(run)]
    for member in members:
        of[member.customer_id].add(member.keyring)
    keyrings = [
        set(subject.keyrings) if subject.customer_id is None else of[subject.customer_id]
        for subject in subjects
    ]
    return keyrings, members


def _ends(
    subject: Subject, keyrings: set[str], evidence: Evidence, names: Mapping[str, str]
) -> list[Node]:
    """Return where paths begin: at the value, at the record's keyring, or anywhere."""
    values = [value for value in evidence.counts if (value.namespace, value.value) == subject.value]
    if values:
        return [*values]
    own = list(subject.keyrings or keyrings)
    own.sort(key=lambda keyring: (names.get(keyring, ""), keyring))
    return [*own]


def _path(
    links: Sequence[Link], ends: tuple[list[Node], list[Node]], *, is_joined: bool
) -> list[Node]:
    return shortest_path(evidence_graph(links, with_blocked=not is_joined), *ends)


def _neighbours(con: duckdb.DuckDBPyConnection, evidence: Evidence) -> set[str]:
    """Return the keyrings of the customers that carry a value whose carriers are not all known."""
    carriers: dict[Value, int] = {}
    for link in evidence.links:
        if link.status == "joined" or link.status in BLOCKED:
            carriers[link.value] = carriers.get(link.value, 0) + 1
    counts = evidence.counts
    frontier = [counts[v].identifier for v, known in carriers.items() if known < counts[v].keyrings]
    if not frontier:
        return set()
    reached = read_keyrings(con, "explain_carrier", "identifiers", frontier, _MOST_KEYRINGS)
    whole = read_keyrings(con, "explain_companion", "keyrings", reached, _MOST_KEYRINGS)
    return {*reached, *whole}


def _blocked(links: Iterable[Link], path: Sequence[Node]) -> list[Link]:
    """Return the links of a path that did not join, one for each value."""
    steps = {(a, b) for a, b in pairwise(path)}
    found = {
        link.value: link
        for link in links
        if link.status in BLOCKED
        and ((link.keyring, link.value) in steps or (link.value, link.keyring) in steps)
    }
    return [found[node] for node in path if isinstance(node, Value) and node in found]


def _common(
    links: Iterable[Link], left: tuple[Subject, set[str]], right: tuple[Subject, set[str]]
) -> list[Link]:
    """Return the links to values that both sides show; that of the side where it did not join."""
    of_l, of_r = _shown(links, *left), _shown(links, *right)
    return [
        of_r[value] if of_l[value].status in _LINKING else of_l[value]
        for value in sorted(of_l.keys() & of_r.keys())
    ]


def _shown(links: Iterable[Link], subject: Subject, keyrings: set[str]) -> dict[Value, Link]:
    """Return what a subject shows itself: a value only itself, a record what it carries."""
    own = set(subject.keyrings) or keyrings
    return {
        link.value: link
        for link in links
        if link.keyring in own and subject.value in {None, (link.value.namespace, link.value.value)}
    }


def _conflicts(
    con: duckdb.DuckDBPyConnection, settings: Settings, evidence: Evidence, keyrings: set[str]
) -> list[Conflict]:
    """Return the guards on namespaces and attributes that all the keyrings together would break."""
    found = []
    for namespace, identifier in settings.identifiers.items():
        values = {
            link.value
            for link in evidence.links
            if link.value.namespace == namespace
            and link.keyring in keyrings
            and link.status not in {"junk", "generic", "suppressed"}
        }
        if identifier.limit is not None and len(values) > identifier.limit:
            found.append(Conflict(namespace, len(values), identifier.limit))
    guarded = set(settings.guards.one_per_person)
    rows = read_rows(con, "explain_attribute", {"keyrings": sorted(keyrings)})
    return [*found, *(Conflict(name, n, 1) for name, n in rows if name in guarded)]


def _is_on(path: Sequence[Node], decision: Decision) -> bool:
    """Say whether a path leads over a merge."""
    return any(
        isinstance(node, Value) and (node.namespace, node.value) == (DECISION, decision.decision_id)
        for node in path
    )


def _names(
    con: duckdb.DuckDBPyConnection, path: Sequence[Node], left: Subject, right: Subject
) -> dict[str, str]:
    on_path = [node for node in path if not isinstance(node, Value)]
    rows = read_rows(con, "explain_place", {"keyrings": on_path})
    names = {keyring: record for keyring, _, record in rows}
    asked = {subject.keyrings[0]: subject.name for subject in (right, left) if _is_record(subject)}
    return names | {keyring: name for keyring, name in asked.items() if keyring in names}


def _is_record(subject: Subject) -> bool:
    return subject.kind == "record"
