"""What is another between two promises of a mart, and whether its readers can rely on the old one.

A change is breaking where something that held of every row, or of the mart, is promised no longer:
a column, its type, the key, that it is never null, its values or range, how old it may be.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from c360.profile.contracts import Contract, PromisedColumn

Promise = Mapping[str, Any]
"""A promise as it is kept in the warehouse: what `promise_of` returns."""

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_FLOATING = ("FLOAT", "DOUBLE")
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")


@dataclass(frozen=True, slots=True)
class ContractChange:
    """A change of what a mart promises, in words."""

    mart: str
    words: str
    is_breaking: bool


def promise_of(contract: Contract) -> Promise:
    """Return what a contract promises, without the words that explain it."""
    return {
        "version": contract.version,
        "grain": contract.grain,
        "key": list(contract.key),
        "owner": contract.owner,
        "freshness_hours": float(contract.freshness_hours),
        "columns": {column.name: _promised(column) for column in contract.columns},
    }


def canonical(promise: Promise) -> str:
    """Return a promise as JSON: equal promises give equal text."""
    return json.dumps(promise, sort_keys=True, ensure_ascii=False)


def _promised(column: PromisedColumn) -> dict[str, object]:
    told: dict[str, object] = {
        "type": column.type,
        "classification": column.classification,
        "required": column.required,
    }
    if column.values:
        told["values"] = list(column.values)
    if column.between is not None:
        told["between"] = [float(bound) for bound in column.between]
    return told


def changes_between(mart: str, old: Promise, new: Promise | None) -> list[ContractChange]:
    """Return what is another with a promise, breaking changes first. `new` None: no such mart."""
    if new is None:
        return [ContractChange(mart, "the mart is gone", is_breaking=True)]
    found = [ContractChange(mart, words, breaks) for words, breaks in _of_mart(old, new)]
    before, after = old["columns"], new["columns"]
    for name, promise in before.items():
        if name not in after:
            found.append(ContractChange(mart, f"column {name} is gone", is_breaking=True))
            continue
        found += [
            ContractChange(mart, f"column {name} {words}", breaks)
            for words, breaks in _of_column(promise, after[name])
        ]
    found += [
        ContractChange(mart, f"column {name} is new ({promise['type']})", is_breaking=False)
        for name, promise in after.items()
        if name not in before
    ]
    return sorted(found, key=lambda change: not change.is_breaking)


def _of_mart(old: Promise, new: Promise) -> Iterator[tuple[str, bool]]:
    if old["key"] != new["key"]:
        yield f"the key was {', '.join(old['key'])} and is {', '.join(new['key'])}", True
    was, is_ = old["freshness_hours"], new["freshness_hours"]
    if was != is_:
        yield f"it may be {is_:g} hours old and not {was:g}", is_ > was
    for part in ("grain", "owner"):
        if old[part] != new[part]:
            yield f"the {part} was {old[part]!r} and is {new[part]!r}", False


def _of_column(old: Promise, new: Promise) -> Iterator[tuple[str, bool]]:
    if old["type"] != new["type"]:
        yield f"was {old['type']} and is {new['type']}", not is_widened(old["type"], new["type"])
    if old["required"] != new["required"]:
        yield "is never null now" if new["required"] else "may be null now", old["required"]
    if old["classification"] != new["classification"]:
        yield f"was {old['classification']} and is {new['classification']}", False
    yield from _of_values(old.get("values"), new.get("values"))
    was, is_ = old.get("between"), new.get("between")
    if was != is_:
        shown = "any number" if is_ is None else f"{is_[0]:g} to {is_[1]:g}"
        outside = was is not None and (is_ is None or is_[0] < was[0] or is_[1] > was[1])
        yield f"may be {shown} now", outside


def _of_values(old: list[str] | None, new: list[str] | None) -> Iterator[tuple[str, bool]]:
    if old is not None and new is None:
        yield "may have any value now", True
    elif old is None and new is not None:
        yield f"has no other values than {', '.join(new)} now", False
    elif old is not None and new is not None:
        if more := [value for value in new if value not in old]:
            yield f"may be {', '.join(more)} now", True
        if fewer := [value for value in old if value not in new]:
            yield f"is no longer {', '.join(fewer)}", False


def is_widened(old: str, new: str) -> bool:
    """Say whether a type holds every value of another, in a form that its readers know.

    >>> is_widened("INTEGER", "BIGINT"), is_widened("BIGINT", "INTEGER")
    (True, False)
    >>> is_widened("DECIMAL(9,2)", "DECIMAL(18,4)"), is_widened("DECIMAL(9,2)", "DECIMAL(9,4)")
    (True, False)
    """
    for family in (_WHOLE, _FLOATING):
        if old in family and new in family:
            return family.index(new) >= family.index(old)
    left, right = _DECIMAL.fullmatch(old), _DECIMAL.fullmatch(new)
    if left is None or right is None:
        return old == new
    (width, scale), (wide, fine) = map(int, left.groups()), map(int, right.groups())
    return fine >= scale and wide - fine >= width - scale
