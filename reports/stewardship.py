"""What stewards have before them and have decided, and how that agrees with the engine."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb

from c360.reports.query import query
from c360.step import Context
from c360.warehouse import has_table

SHOWN = 5
"""Conflicts, overridden guards and people of a day that are named; the rest are counted."""
STEWARDS = 12
"""People that are named; the rest are counted."""
DAYS = 7
"""Days that are shown, the last of those on which anybody decided."""

NOT_QUEUED = "Nothing has been queued yet: `c360 resolve` makes the review queue"
"""What stands where figures of the queue would."""

_TABLES = (
    "stewardship.review_item",
    "stewardship.review_impact",
    "stewardship.decision_in_force",
    "identity.overridden_guard",
)


@dataclass(frozen=True, slots=True)
class ItemKind:
    """Review items of a kind by state; of the open ones also by age, and what is at stake in USD.

    Open are those that wait for a decision, the `assigned` among them. `ages` are under a day, up
    to 7 days, up to 30, and older; `oldest_days` and `impact_usd` are None where none is open, or
    nothing has been built.
    """

    kind: str
    open: int
    assigned: int
    held: int
    decided: int
    obsolete: int
    ages: tuple[int, int, int, int]
    oldest_days: int | None
    impact_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class DecidedKind:
    """Decisions of a kind. Of the `judged` ones so many agree with what the engine had made."""

    kind: str
    decided: int
    in_force: int
    awaiting: int
    revoked: int
    judged: int
    agreeing: int
    impact_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Steward:
    """A person, or a rule, and what it decided."""

    name: str
    decided: int
    judged: int
    agreeing: int
    revoked: int
    impact_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class DecidedDay:
    """A day: how many were decided to merge, keep apart, not share and put off, and by whom."""

    day: date
    kinds: tuple[int, ...]
    stewards: tuple[tuple[str, int], ...]

    @property
    def decided(self) -> int:
        """How many decisions were taken."""
        return sum(self.kinds)

    @property
    def by(self) -> str:
        """Who took them, the busiest first."""
        named = [f"{name} {count:,}" for name, count in self.stewards[:SHOWN]]
        more = len(self.stewards) - SHOWN
        return ", ".join(named) + (f" and {more:,} more" if more > 0 else "")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A merge that a keep_apart forbids, and who decided each."""

    merge_id: str
    merged_by: str
    keep_apart_id: str
    kept_apart_by: str
    customer_l: str
    customer_r: str


@dataclass(frozen=True, slots=True)
class Override:
    """A guard that a customer breaks because people decided so."""

    customer_id: str
    guard: str
    values_held: int
    most: int
    decisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stewardship:
    """The work of stewards. `stewards`, `conflicts` and `overrides` name some of `…_total`."""

    items: tuple[ItemKind, ...]
    decisions: tuple[DecidedKind, ...]
    stewards: tuple[Steward, ...]
    stewards_total: int
    days: tuple[DecidedDay, ...]
    conflicts: tuple[Conflict, ...]
    conflicts_total: int
    overrides: tuple[Override, ...]
    overrides_total: int

    @property
    def open(self) -> int:
        """How many items wait for a decision."""
        return sum(each.open for each in self.items)

    @property
    def open_usd(self) -> Decimal | None:
        """What is at stake in them; None where nothing has been built."""
        return _sum(each.impact_usd for each in self.items)

    @property
    def decided(self) -> int:
        """How many decisions were taken, those taken back included."""
        return sum(each.decided for each in self.decisions)

    @property
    def in_force(self) -> int:
        """How many of them are in force."""
        return sum(each.in_force for each in self.decisions)

    @property
    def awaiting(self) -> int:
        """How many wait for somebody else to confirm them."""
        return sum(each.awaiting for each in self.decisions)

    @property
    def revoked(self) -> int:
        """How many were taken back."""
        return sum(each.revoked for each in self.decisions)

    @property
    def worked_off_usd(self) -> Decimal | None:
        """What was at stake in those in force; None where it is not known of any."""
        return _sum(each.impact_usd for each in self.decisions)

    @property
    def agreement(self) -> float | None:
        """The share of decisions that agree with the engine, in [0, 1]; None where none can."""
        judged = sum(each.judged for each in self.decisions)
        return sum(each.agreeing for each in self.decisions) / judged if judged else None


def is_queued(con: duckdb.DuckDBPyConnection) -> bool:
    """Say whether `c360 resolve` has made the review queue."""
    return all(has_table(con, table) for table in _TABLES)


def read_stewardship(context: Context) -> Stewardship | None:
    """Read the work of stewards; None where `c360 resolve` has not made the review queue yet."""
    con = context.con
    if not is_queued(con):
        return None
    stewards = query(con, "steward", shown=STEWARDS)
    conflicts = query(con, "conflict", shown=SHOWN)
    overrides = query(con, "override", shown=SHOWN)
    return Stewardship(
        items=tuple(
            ItemKind(
                kind=row[0],
                open=row[1],
                assigned=row[2],
                held=row[3],
                decided=row[4],
                obsolete=row[5],
                ages=row[6:10],
                oldest_days=row[10],
                impact_usd=row[11],
            )
            for row in query(con, "item_state", as_of=context.as_of)
        ),
        decisions=tuple(DecidedKind(*row) for row in query(con, "decided_kind")),
        stewards=tuple(Steward(*row[:-1]) for row in stewards),
        stewards_total=stewards[0][-1] if stewards else 0,
        days=tuple(
            _day(day, list(rows))
            for day, rows in groupby(query(con, "decided_day", shown=DAYS), key=itemgetter(0))
        ),
        conflicts=tuple(Conflict(*row[:-1]) for row in conflicts),
        conflicts_total=conflicts[0][-1] if conflicts else 0,
        overrides=tuple(
            Override(customer_id, guard, values_held, most, tuple(decisions))
            for customer_id, guard, values_held, most, decisions, _ in overrides
        ),
        overrides_total=overrides[0][-1] if overrides else 0,
    )


def _day(day: date, rows: list[tuple[Any, ...]]) -> DecidedDay:
    """Return the day of rows (day, steward, a number for each kind)."""
    stewards = tuple((row[1], sum(row[2:])) for row in rows)
    return DecidedDay(day, tuple(map(sum, zip(*(row[2:] for row in rows), strict=True))), stewards)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
