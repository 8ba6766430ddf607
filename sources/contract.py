"""What a source's contract asks of every feed: the columns it names, and values that cast."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from c360.config import Identifier, Settings
from c360.source import Source
from c360.sources.mapping import (
    INSTANT,
    casts_in,
    columns_of,
    expressions,
    extremes_in,
    is_column,
    selected_columns,
)

_VERSION = 2
"""Raised when landing judges rows differently, so that feeds are landed again."""


@dataclass(frozen=True, slots=True)
class Check:
    """An expression that every row must give a value of a canonical type for, or none.

    `key` is where it stands in the source's configuration.
    """

    key: str
    expression: str
    type: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A namespace of which a person has at most `most` values, fewer than a row has places for."""

    namespace: str
    identifier: Identifier
    most: int
    expressions: tuple[str, ...]


def fingerprint(settings: Settings, name: str) -> str:
    """Return a digest of what decides which rows land and which of them are in force."""
    source = settings.sources[name]
    parts: dict[str, object] = {
        "version": _VERSION,
        "format": source.format,
        "update": source.update,
        "key": source.key,
        "collapse": source.collapse,
        "checks": [(check.key, check.expression, check.type) for check in checks(source)],
    }
    if source.deleted is not None:
        parts["deleted"] = source.deleted
    if source.columns:
        parts["columns"] = {name: kept.model_dump() for name, kept in source.columns.items()}
    if source.on_drift == "reject_row":
        parts["on_drift"] = source.on_drift
    if restricted := limits(settings, source):
        parts["block"] = settings.guards.block
        parts["limits"] = [
            (
                each.namespace,
                each.identifier.normalise,
                each.identifier.region,
                each.most,
                *each.expressions,
            )
            for each in restricted
        ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def checks(source: Source) -> list[Check]:
    """Return what is checked of each row beside its key.

    Carrying a plain column of any text needs no check; an expression could fail on a row.
    """
    found = []
    if source.event_time is not None:
        found.append(Check("event_time", source.event_time, INSTANT))
        found += [
            Check("event_time", each, INSTANT)
            for each in extremes_in(source.collapse.get(source.event_time, ""))
        ]
    if source.deleted is not None:
        found.append(Check("deleted", source.deleted, "BOOLEAN"))
    found += [
        Check(f"select.{column.name}", expression, column.type)
        for column, expression in selected_columns(source)
        if expression is not None
    ]
    found += [
        Check(key, expression, "VARCHAR")
        for key, expression in expressions(source)
        if key.startswith(("identifiers.", "attributes.")) and not is_column(expression)
    ]
    found += [
        Check(f"collapse.{column}", cast, "VARCHAR")
        for column, expression in source.collapse.items()
        for cast in casts_in(expression)
    ]
    return found


def row_checks(source: Source, columns: Collection[str]) -> list[Check]:
    """Return the checks that can be made on a feed's rows: all, unless they are collapsed first."""
    known = {column.lower() for column in columns}
    return [
        check
        for check in checks(source)
        if not source.collapse
        or {column.lower() for column in columns_of(check.expression)} <= known
    ]


def limits(settings: Settings, source: Source) -> list[Limit]:
    """Return the namespaces of which one row could show more values than one person may have.

    None where rows are collapsed: the record is there only when all its rows are, of all feeds.
    """
    if source.collapse:
        return []
    return [
        Limit(namespace, identifier, identifier.limit, expressions)
        for namespace, identifier in settings.identifiers.items()
        if isinstance(expressions := source.identifiers.get(namespace), tuple)
        and identifier.limit is not None
        and identifier.limit < len(expressions)
    ]


def needed_columns(source: Source) -> dict[str, list[str]]:
    """Return every column that a feed must have with the configuration keys that name it."""
    needed: dict[str, list[str]] = defaultdict(list)
    for key, column in _named_columns(source):
        needed[column].append(key)
    return dict(needed)


def required_columns(source: Source) -> dict[str, list[str]]:
    """Return the columns without which no row of a feed can land, with the keys that name them."""
    required = {
        column: [key for key in keys if key in ("key", "event_time")]
        for column, keys in needed_columns(source).items()
    }
    return {column: keys for column, keys in required.items() if keys}


def missing_columns(
    label: str, name: str, needed: dict[str, list[str]], columns: Collection[str]
) -> list[str]:
    """Name every needed column that a feed lacks, each with a remedy. `label` names the feed."""
    known = {column.lower(): column for column in columns}
    problems = []
    for column, keys in needed.items():
        if column.lower() not in known:
            close = get_close_matches(column.lower(), known, n=1)
            hint = f"; did you mean {known[close[0]]!r}?" if close else ""
            problems.append(
                f"{label} has no column {column!r} (it has {', '.join(columns)}){hint};"
                f" mend the feed or sources.{name}.{f', sources.{name}.'.join(keys)} in c360.yaml"
            )
    return problems


def collapse_problems(name: str, source: Source) -> list[str]:
    """Name expressions over collapsed rows that read a column which those rows do not have."""
    if not source.collapse:
        return []
    kept = sorted({*columns_of(source.key), *source.collapse})
    known = {column.lower() for column in kept}
    return [
        f"sources.{name}.{key}: the collapsed rows have no column {column!r} (they have"
        f" {', '.join(kept)}); add it to sources.{name}.collapse"
        for key, expression in expressions(source)
        if key != "key" and not key.startswith("collapse.")
        for column in sorted(columns_of(expression))
        if column.lower() not in known
    ]


def _named_columns(source: Source) -> Iterator[tuple[str, str]]:
    for key, expression in expressions(source):
        if not source.collapse or key == "key" or key.startswith("collapse."):
            for column in sorted(columns_of(expression)):
                yield key, column
    for column in source.privacy:
        if column not in source.collapse:
            yield "privacy", column
    for column in source.columns:
        yield "columns", column
