"""Review items as the page shows them: read from the tables of the queue, nothing computed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import duckdb

from c360.step import read_sql

Kind = Literal[
    "shared_value",
    "refused_link",
    "anchor_conflict",
    "weak_bridge",
    "decision_conflict",
    "probable_match",
]
State = Literal["open", "assigned", "held", "decided", "obsolete"]


_ATTRIBUTES_OF_NAME = 2
"""First and last name, or name and date of birth, in most configurations."""


@dataclass(frozen=True, slots=True)
class Item:
    """A review item; `customer_id_r` is None where it is about the halves of one customer."""

    item_id: str
    kind: str
    customer_id_l: str
    customer_id_r: str | None
    evidence: str
    uncertainty: float
    records: int
    first_run: int
    last_run: int
    changed_run: int
    state: str
    assignee: str | None
    decision_id: str | None
    impact_usd: Decimal | None
    priority: float

    @property
    def version(self) -> str:
        """What a form carries, so that nothing is decided that has changed since it was read."""
        told = (self.changed_run, self.last_run, self.state, self.assignee, self.decision_id)
        return ".".join("" if each is None else str(each) for each in told)

    @property
    def customers(self) -> list[str]:
        """The customers that it is about."""
        return [self.customer_id_l, *([self.customer_id_r] if self.customer_id_r else [])]


@dataclass(frozen=True, slots=True)
class Group:
    """How many items are alike."""

    kind: str
    state: str
    assignee: str | None
    items: int


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The items before and after one in the list, and the first; None where there is no other."""

    previous: str | None
    next: str | None
    first: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items: None lets every kind or assignee through, assignee "" those of nobody."""

    kind: str | None
    states: tuple[str, ...]
    assignee: str | None

    def lets_through(self, group: Group) -> bool:
        """Say whether items like those of a group are wanted."""
        return (
            self.kind in (None, group.kind)
            and group.state in self.states
            and self.assignee in (None, group.assignee or "")
        )


def read_items(
    con: duckdb.DuckDBPyConnection, wanted: Filter, *, most: int, skipped: int
) -> list[Item]:
    """Return the items of a filter, the most valuable first."""
    rows = con.execute(
        read_sql("stewardship", "stewardship.page_item"),
        {
            "kind": wanted.kind,
            "states": list(wanted.states),
            "assignee": wanted.assignee,
            "most": most,
            "skipped": skipped,
        },
    ).fetchall()
    return [Item(*row) for row in rows]


def read_item(con: duckdb.DuckDBPyConnection, item_id: str) -> Item | None:
    """Return an item; None where there is no such."""
    rows = con.execute(
        read_sql("stewardship", "stewardship.page_one_item"), {"item_id": item_id}
    ).fetchall()
    return Item(*rows[0]) if rows else None


def read_names(
    con: duckdb.DuckDBPyConnection, items: Iterable[Item], namespaces: Iterable[str]
) -> dict[str, tuple[str, str]]:
    """Return what people would call either side of items: the first attributes of the sources."""
    rows = con.execute(
        read_sql("stewardship", "stewardship.page_name"),
        {
            "item_ids": [item.item_id for item in items],
            "namespaces": list(namespaces),
            "most": _ATTRIBUTES_OF_NAME,
        },
    ).fetchall()
    return {item_id: (left, right) for item_id, left, right in rows}


def read_groups(con: duckdb.DuckDBPyConnection) -> list[Group]:
    """Return how many items there are of each kind, state and assignee."""
    rows = con.execute(read_sql("stewardship", "stewardship.page_count")).fetchall()
    return [Group(*row) for row in rows]


def read_neighbours(con: duckdb.DuckDBPyConnection, wanted: Filter, item: Item) -> Neighbours:
    """Return what comes before and after an item in the list of a filter."""
    rows = con.execute(
        read_sql("stewardship", "stewardship.page_neighbour"),
        {
            "kind": wanted.kind,
            "states": list(wanted.states),
            "assignee": wanted.assignee,
            "item_id": item.item_id,
            "priority": item.priority,
        },
    ).fetchall()
    return Neighbours(*rows[0])
