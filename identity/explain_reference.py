"""What the words of a user mean: a customer id, `source:record_id` or `namespace:value`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import duckdb

from c360.config import Settings
from c360.errors import C360Error
from c360.identity.explain_evidence import (
    Tenure,
    printable,
    read_records,
    read_rows,
    read_tenures,
    shown,
)
from c360.identity.secret import install_hmac, read_key
from c360.step import Context

_MOST_CARRIERS = 1_000
"""Keyrings of one value that are looked at: a kiosk's device has tens of thousands."""

_SHORTEST_BEGINNING = 6
"""Characters of a stored value that are enough to look for it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a reference means. `name` may be printed; `note` says what the user should know.

    `customer_id` is None for a value that does not join its carriers to one customer; `tenures`
    are those of a customer id that was looked up, `status` that of a value.
    """

    kind: Literal["customer", "record", "identifier"]
    name: str
    customer_id: str | None
    keyrings: tuple[str, ...] = ()
    note: str | None = None
    value: tuple[str, str] | None = None
    tenures: tuple[Tenure, ...] = ()
    status: str | None = None


def find_subject(context: Context, reference: str, run: int | None) -> Subject:
    """Return what a reference means, as of a run; None: now.

    Raises:
        C360Error: it means nothing, or more than one thing.
    """
    settings = context.settings
    head, colon, tail = reference.strip().partition(":")
    if not colon:
        return _customer(context.con, head, run)
    found: list[Subject] = []
    if head in settings.sources:
        found += _record(context.con, head, tail, run)
    if head in settings.identifiers:
        found += _identifier(context, head, tail)
    if len(found) == 1:
        return found[0]
    if found:
        msg = f"{reference} is a record and an identifier; name the one you mean by its customer id"
        raise C360Error(msg)
    raise C360Error(_unknown(settings, head, tail, run))


def _customer(con: duckdb.DuckDBPyConnection, customer_id: str, run: int | None) -> Subject:
    """Follow a dead id to its live customer, unless it was alive in the run asked for."""
    tenures = read_tenures(con, customer_id)
    if not tenures:
        msg = (
            f"there is no customer {printable(customer_id)!r}; name a customer_id of"
            " identity.customer, a record as source:record_id, or a value as namespace:value"
        )
        raise C360Error(msg)
    if any(tenure.is_alive(run) for tenure in tenures):
        return Subject("customer", customer_id, customer_id, tenures=tenures)
    began, latest = min(tenure.from_run for tenure in tenures), tenures[0]
    if run is not None and run < began:
        msg = f"customer {customer_id} did not exist in run {run}; it began in run {began}"
        raise C360Error(msg)
    if latest.to_run is not None:
        msg = (
            f"customer {customer_id} was retired in run {latest.to_run}: none of its records is in"
            f" force; --as-of-run {latest.to_run - 1} shows it as it was"
        )
        raise C360Error(msg)
    live = str(latest.redirects_to)
    note = f"{customer_id} is the old id of {live} since run {latest.from_run}"
    return Subject("customer", live, live, note=note)


def _record(
    con: duckdb.DuckDBPyConnection, source: str, record_id: str, run: int | None
) -> list[Subject]:
    places = read_records(con, "explain_record", {"source": source, "record_id": record_id})
    return [
        Subject("record", place.name, place.customer_id, (place.keyring,))
        for place in places
        if place.is_in_force(run)
    ]


def _identifier(context: Context, namespace: str, text: str) -> list[Subject]:
    """Find a value as the user writes it, as it is stored, or by the beginning that is shown."""
    con, settings = context.con, context.settings
    beginning = text.rstrip("…")
    asked = {
        "namespace": namespace,
        "beginning": beginning if len(beginning) >= _SHORTEST_BEGINNING else None,
    }
    rows = read_rows(con, "explain_value", asked | {"values": [text]})
    if not rows:
        rows = read_rows(
            con, "explain_value", asked | {"values": _stored(context, namespace, text)}
        )
    exact = [row for row in rows if row[3]] or rows
    if len(exact) > 1:
        names = ", ".join(f"{namespace}:{identifier[:16]}" for _, _, identifier, _ in exact)
        msg = (
            f"{namespace}:{printable(beginning)} may mean several values; write it whole, or by its"
            f" digest: {names}"
        )
        raise C360Error(msg)
    return [_carried(con, settings, namespace, row[1], row[2]) for row in exact]


def _carried(
    con: duckdb.DuckDBPyConnection, settings: Settings, namespace: str, value: str, digest: str
) -> Subject:
    keyrings = read_keyrings(con, "explain_carrier", "identifiers", [digest], _MOST_CARRIERS)
    places = read_rows(con, "explain_place", {"keyrings": keyrings})
    status, reason, count = con.execute(
        "select status, reason, keyrings from identity.verdict where identifier = $digest",
        {"digest": digest},
    ).fetchall()[0]
    named = f"{namespace} {shown(settings, namespace, value, digest)}"
    customers = {customer for _, customer, _ in places if customer is not None}
    return Subject(
        "identifier",
        named,
        customers.pop() if status in {"joined", "alone"} and len(customers) == 1 else None,
        tuple(keyrings),
        value=(namespace, value),
        status=status,
        note=None
        if status in {"joined", "alone"}
        else f"{named} is {status} because {reason}; keyrings that carry it: {count:,}",
    )


def read_keyrings(
    con: duckdb.DuckDBPyConnection, model: str, parameter: str, asked: Sequence[str], most: int
) -> list[str]:
    """Return the keyrings that explain_carrier or explain_companion finds."""
    rows = read_rows(con, model, {parameter: list(asked), "most": most})
    return [keyring for (keyring,) in rows]


def _stored(context: Context, namespace: str, text: str) -> list[str]:
    """Return the forms in which a value may be stored: normalised, and keyed-hashed if it is."""
    from c360.sources.normalise import install_normalisation, normalised_sql

    con, settings = context.con, context.settings
    identifier = settings.identifiers[namespace]
    install_normalisation(con, settings)
    parts = text.split("|") if identifier.all_of else [text]
    expression = (
        "normalise_text(given)" if identifier.all_of else normalised_sql(identifier, "given")
    )
    normalised = [
        con.execute(
            f"select {expression} from (select cast($part as varchar) as given)", {"part": part}
        ).fetchall()[0][0]
        for part in parts
    ]
    if None in normalised or len(parts) != max(1, len(identifier.all_of)):
        return []
    plain = chr(31).join(normalised)
    if not identifier.hash:
        return [plain]
    install_hmac(con, read_key(settings, context.workspace))
    hashed = con.execute("select keyed_hash($plain)", {"plain": plain}).fetchall()[0][0]
    return [hashed]


def _unknown(settings: Settings, head: str, tail: str, run: int | None) -> str:
    then = "" if run is None else f" in run {run}"
    if head in settings.sources:
        return (
            f"{head} has no record {printable(tail)!r} that was resolved{then}; look for it in"
            f" identity.member"
        )
    if head in settings.identifiers:
        parts = settings.identifiers[head].all_of
        how = f" (a match key is written {'|'.join(parts)})" if parts else ""
        return (
            f"no record carries this {head}{how}; write it as the source does, or as it is stored"
        )
    return (
        f"{printable(head)!r} is neither a source ({', '.join(settings.sources)})"
        f" nor a namespace of identifiers ({', '.join(settings.identifiers)})"
    )
