"""The evidence about records: what their keyrings carry, and what became of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import duckdb

from c360.config import DECISION, Settings
from c360.step import read_sql

_DIGEST = re.compile(r"[0-9a-f]{32,}")
_SHOWN = 8
"""Characters of a hidden value that are shown: enough to tell the values of one customer apart."""

_LONGEST_SHOWN = 24
"""Characters of an anchor or a trace that is still shown whole."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record and the interval of runs in which it belonged to a customer."""

    source: str
    record_id: str
    keyring: str
    customer_id: str
    resolved_by: str
    evidence: str
    confidence: Decimal
    from_run: int
    to_run: int | None

    @property
    def name(self) -> str:
        """The record as a reference: source:record_id."""
        return f"{self.source}:{printable(self.record_id)}"

    def is_in_force(self, run: int | None) -> bool:
        """Say whether the record belonged to the customer after `run`; None: belongs now."""
        if run is None:
            return self.to_run is None
        return self.from_run <= run and (self.to_run is None or self.to_run > run)


@dataclass(frozen=True, slots=True)
class Tenure:
    """An interval of runs in which a customer id meant a customer, or redirected to another."""

    is_identified: bool
    first_seen: datetime | None
    last_seen: datetime | None
    redirects_to: str | None
    from_run: int
    to_run: int | None

    def is_alive(self, run: int | None) -> bool:
        """Say whether the id meant a customer of its own after `run`; None: means one now."""
        is_in_force = (
            self.to_run is None
            if run is None
            else self.from_run <= run and (self.to_run is None or self.to_run > run)
        )
        return is_in_force and self.redirects_to is None


class Value(NamedTuple):
    """An identifier; the strongest sort first. `shown` is what may be printed of its value."""

    tier: int
    namespace: str
    value: str
    shown: str

    @property
    def name(self) -> str:
        """The identifier as people read it."""
        return f"{self.namespace} {self.shown}"


@dataclass(frozen=True, slots=True)
class Link:
    """An observation and what became of it; `customer_l` and `_r` could not be brought together."""

    keyring: str
    value: Value
    status: str
    reason: str | None
    customer_l: str | None
    customer_r: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """How often an identifier was seen anywhere."""

    identifier: str
    keyrings: int
    records: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What keyrings carry. `counts` has every value of `links`."""

    links: tuple[Link, ...]
    counts: Mapping[Value, Count]


def read_evidence(
    con: duckdb.DuckDBPyConnection, settings: Settings, keyrings: Iterable[str]
) -> Evidence:
    """Return all that the keyrings carry, the strongest identifiers first."""
    links: list[Link] = []
    counts: dict[Value, Count] = {}
    asked = {"keyrings": sorted(keyrings)}
    if not asked["keyrings"]:
        return Evidence((), {})
    for keyring, namespace, value, tier, *rest in read_rows(con, "explain_link", asked):
        count, became = Count(*rest[:3]), rest[3:]
        seen = Value(tier, namespace, value, shown(settings, namespace, value, count.identifier))
        counts[seen] = count
        links.append(Link(keyring, seen, *became))
    return Evidence(tuple(links), counts)


def joined(evidence: Evidence, more: Evidence) -> Evidence:
    """Return the evidence about the keyrings of both."""
    return Evidence((*evidence.links, *more.links), {**evidence.counts, **more.counts})


def read_tenures(con: duckdb.DuckDBPyConnection, customer_id: str) -> tuple[Tenure, ...]:
    """Return the intervals of a customer id, the latest first; none where it never was."""
    rows = read_rows(con, "explain_customer", {"customer_id": customer_id})
    return tuple(Tenure(*row) for row in rows)


def names_of(records: Iterable[Record]) -> dict[str, str]:
    """Return for each keyring the first of its records by name."""
    names: dict[str, str] = {}
    for record in records:
        names[record.keyring] = min(record.name, names.get(record.keyring, record.name))
    return names


def ordered(evidence: Evidence, names: Mapping[str, str]) -> Evidence:
    """Return the evidence in an order that is the same wherever the records are the same.

    Keyrings are keyed digests, so their own order changes with the key of the hashes.
    """
    links = sorted(
        evidence.links,
        key=lambda link: (link.value, link.keyring not in names, names.get(link.keyring, "")),
    )
    return Evidence(tuple(links), evidence.counts)


def read_records(
    con: duckdb.DuckDBPyConnection, model: str, parameters: Mapping[str, object]
) -> list[Record]:
    """Return the rows of explain_member or explain_record."""
    return [Record(*row) for row in read_rows(con, model, parameters)]


def read_rows(
    con: duckdb.DuckDBPyConnection, model: str, parameters: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    """Return the rows of identity/sql/<model>.sql."""
    return con.execute(read_sql("identity", f"identity.{model}"), dict(parameters)).fetchall()


def shown(settings: Settings, namespace: str, value: str, identifier: str) -> str:
    """Return what may be printed of a value: never contact data, never a whole hash.

    Of a contact that is stored as it is, the beginning of its digest stands for it. A decision is
    known by its whole id.
    """
    if namespace == DECISION:
        return printable(value)
    known = settings.identifiers.get(namespace)
    if known is None or known.hash or _DIGEST.fullmatch(value):
        hidden = value if known is not None else identifier
        return f"{hidden[:_SHOWN]}…"
    if known.strength == "contact":
        return f"{identifier[:_SHOWN]}…"
    text = printable(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_SHOWN]}…"


def is_weak(settings: Settings, value: Value) -> bool:
    """Say whether an identifier is less than an anchor; what people decided is none less."""
    known = settings.identifiers.get(value.namespace)
    return value.namespace != DECISION and (known is None or known.strength != "anchor")


def printable(text: str) -> str:
    """Return text in which nothing can move a terminal's cursor."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
