"""All that the page shows of one review item beside its row of the queue."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import duckdb

from c360.config import Settings
from c360.identity.explain_evidence import shown
from c360.step import Context, read_sql
from c360.stewardship.page.forecast import Pair, Party
from c360.stewardship.page.items import Item

DECISION = "decision"
"""The namespace of what people joined: its values are ids of decisions, and hide nothing."""

_DECISION_ID = re.compile(r"d_[0-9a-f]{12}")

_DISPUTED = ("shared", "refused")

_NEEDS_DIGEST = "…"
"""What is shown of a contact that is stored as it is, where the beginning of its digest lacks."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A row of the log. `is_standing`: a decision that nobody revoked; in force or not yet."""

    decision_id: str
    kind: str
    refers_to: str | None
    item_id: str | None
    reason: str
    decided_by: str
    decided_at: datetime
    needs_second: bool
    is_standing: bool
    is_in_force: bool

    @property
    def awaits_second(self) -> bool:
        """Whether it counts only once somebody else confirms it."""
        return self.is_standing and not self.is_in_force


@dataclass(frozen=True, slots=True)
class ValueAtIssue:
    """A value at issue by what may be shown of it."""

    name: str
    status: str
    reason: str | None

    @property
    def is_disputed(self) -> bool:
        """Whether it links nobody, because two customers carry it."""
        return self.status in _DISPUTED


@dataclass(frozen=True, slots=True)
class Details:
    """What belongs to an item.

    `parties` are the customers of a pair that are alive, `halves` the records of either side of a
    cut.
    """

    pairs: tuple[Pair, ...]
    values: tuple[ValueAtIssue, ...]
    parties: dict[str, Party]
    halves: dict[str, int]
    decisions: tuple[Decided, ...]

    @property
    def standing(self) -> Decided | None:
        """The decision that answers the item, in force or awaiting its second; a defer is none."""
        own = [each for each in self.decisions if each.is_standing and each.kind != "defer"]
        return own[-1] if own else None


def read_details(context: Context, item: Item) -> Details:
    """Return what belongs to an item; reads the tables of the queue, the log and the customers."""
    con = context.con
    asked = {"item_id": item.item_id}
    pairs = con.execute(
        "select field, value_l, value_r, is_agreeing from stewardship.review_field"
        " where item_id = $item_id order by rowid",
        asked,
    ).fetchall()
    values = con.execute(
        "select namespace, value, status, reason from stewardship.review_value"
        " where item_id = $item_id order by namespace, value",
        asked,
    ).fetchall()
    parties: list[tuple[str, int, int]] = []
    halves: list[tuple[str, int]] = []
    if item.customer_id_r is not None:
        customers = {"customer_ids": item.customers}
        parties = con.execute(
            read_sql("stewardship", "stewardship.page_party"), customers
        ).fetchall()
    else:
        halves = con.execute(read_sql("stewardship", "stewardship.page_part"), asked).fetchall()
    return Details(
        pairs=tuple(Pair(*row) for row in pairs),
        values=tuple(
            ValueAtIssue(f"{namespace} {_shown(con, context.settings, namespace, value)}", *rest)
            for namespace, value, *rest in values
        ),
        parties={customer_id: Party(customer_id, *rest) for customer_id, *rest in parties},
        halves=dict(halves),
        decisions=tuple(read_decisions(con, item_id=item.item_id)),
    )


def read_decisions(
    con: duckdb.DuckDBPyConnection,
    *,
    item_id: str | None = None,
    decision_ids: Collection[str] = (),
) -> list[Decided]:
    """Return the rows of the log that are about an item, and those of the ids."""
    if item_id is None and not decision_ids:
        return []
    rows = con.execute(
        read_sql("stewardship", "stewardship.page_decision"),
        {"item_id": item_id, "decision_ids": list(decision_ids)},
    ).fetchall()
    return [Decided(*row) for row in rows]


def read_conflicting(con: duckdb.DuckDBPyConnection, item: Item, details: Details) -> list[Decided]:
    """Return the decisions that a conflict names and that somebody could revoke."""
    told = " ".join([item.evidence, *(f"{value.name} {value.reason}" for value in details.values)])
    named = sorted(set(_DECISION_ID.findall(told)))
    found = read_decisions(con, decision_ids=named) if named else []
    return [each for each in found if each.is_standing]


def _shown(con: duckdb.DuckDBPyConnection, settings: Settings, namespace: str, value: str) -> str:
    """Return what may be printed of a value, as `c360 explain` prints it."""
    if namespace == DECISION:
        return value
    masked = shown(settings, namespace, value, "")
    if masked != _NEEDS_DIGEST:
        return masked
    found = con.execute(
        "select cast(identifier as varchar) from identity.value"
        " where namespace = $namespace and value = $value",
        {"namespace": namespace, "value": value},
    ).fetchall()
    return shown(settings, namespace, value, found[0][0] if found else "")
