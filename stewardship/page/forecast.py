"""What happens if: the next resolve after a decision, foreseen from the item alone.

The resolver may find more, because a merge can bring third customers in reach; the full plan knows.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from c360.config import Settings

_MORE = re.compile(r"\+(\d+) more")


@dataclass(frozen=True, slots=True)
class Party:
    """A customer by its id. `born` is the run that made the id."""

    customer_id: str
    records: int
    born: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """What two sides have of an attribute or namespace, as shown; None where a side has nothing."""

    field: str
    value_l: str | None
    value_r: str | None
    is_agreeing: bool | None


def foresee_merge(
    left: Party, right: Party, pairs: Iterable[Pair], settings: Settings
) -> list[str]:
    """Say what a merge of two customers makes: which id, how large, against which guards."""
    is_left = (left.born, left.customer_id) < (right.born, right.customer_id)
    kept, given_up = ("left", "right") if is_left else ("right", "left")
    lines = [
        f"One customer of {counted(left.records + right.records)}. The {kept} one keeps its id,"
        f" which is the older; the {given_up} id leads there."
    ]
    broken = overridden_guards(pairs, settings)
    lines += [f"It overrides a guard, and the log says so: {guard}." for guard in broken]
    return lines if broken else [*lines, "It overrides no guard."]


def foresee_apart(left: Party, right: Party, shared: Sequence[str]) -> list[str]:
    """Say what keeping two customers apart leaves: both, and values that join neither."""
    lines = [
        f"Two customers as they are, left with {counted(left.records)} and right with"
        f" {counted(right.records)}.",
        "No later record can bring them together, whatever it carries.",
    ]
    return lines + [f"{value} stays shared: it joins neither to the other." for value in shared]


def foresee_cut(larger: int, smaller: int) -> list[str]:
    """Say what cutting a customer at a weak bridge makes."""
    return [
        f"The left half keeps the id with {counted(larger)}; the right half, {counted(smaller)},"
        " gets a new one.",
        "Records that carry nothing but the value between the halves stand alone.",
        "No later record can bring the halves together, whatever it carries.",
    ]


def foresee_whole(records: int) -> list[str]:
    """Say what confirming a customer that hangs on a weak bridge changes: only the doubt."""
    return [
        f"One customer of {counted(records)}, as it is; it stays one even if the value that holds"
        " it together becomes shared."
    ]


def overridden_guards(pairs: Iterable[Pair], settings: Settings) -> list[str]:
    """Return the guards that two sides in one customer would break."""
    found: list[str] = []
    for pair in pairs:
        known = settings.identifiers.get(pair.field)
        if known is not None and known.limit is not None:
            count = _distinct(pair)
            if count > known.limit:
                found.append(f"{pair.field}: {count} values, at most {known.limit}")
        elif pair.field in settings.guards.one_per_person and pair.is_agreeing is False:
            found.append(f"{pair.field}: two values, a person has one")
    return found


def _distinct(pair: Pair) -> int:
    """Return how many values both sides show; those that are only counted are taken as different.

    >>> _distinct(Pair("email", "3f2a… | 77b1… | +2 more", "3f2a…", None))
    4
    """
    told = [part for side in (pair.value_l, pair.value_r) if side for part in side.split(" | ")]
    counted = [_MORE.fullmatch(part) for part in told]
    shown = {part for part, more in zip(told, counted, strict=True) if more is None}
    return len(shown) + sum(int(more[1]) for more in counted if more is not None)


def counted(count: int) -> str:
    """Return a number of records in words."""
    return "1 record" if count == 1 else f"{count:,} records"
