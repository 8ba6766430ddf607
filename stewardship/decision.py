"""A row of the log of decisions: reading them, and adding more."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

import duckdb

from c360.step import read_sql


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of stewardship.decision; the fields are its columns, in order.

    A `second` or `revoke` speaks of the decision that it `refers_to`, and of no side.
    """

    number: int
    decision_id: str
    kind: str
    refers_to: str | None
    item_id: str | None
    records_l: tuple[str, ...]
    records_r: tuple[str, ...]
    identifiers_l: tuple[str, ...]
    identifiers_r: tuple[str, ...]
    value: str | None
    valid_from: datetime | None
    engine: str | None
    impact_usd: Decimal | None
    needs_second: bool
    reason: str
    decided_by: str
    decided_at: datetime
    provenance: str
    run: int


COLUMNS = tuple(field.name for field in fields(Decision))
cells_of: Callable[[Decision], tuple[Any, ...]] = attrgetter(*COLUMNS)
_TYPES = {
    "number": "integer",
    "records_l": "varchar[]",
    "records_r": "varchar[]",
    "identifiers_l": "varchar[]",
    "identifiers_r": "varchar[]",
    "valid_from": "timestamp",
    "impact_usd": "decimal(18, 2)",
    "needs_second": "boolean",
    "decided_at": "timestamp",
    "run": "integer",
}
"""The types of the columns that are not varchar."""


def last_number(con: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the last row of the log; 0 where it has none."""
    select = "select coalesce(max(number), 0) from stewardship.decision"
    return int(con.execute(select).fetchall()[0][0])


def read_log(con: duckdb.DuckDBPyConnection) -> list[Decision]:
    """Return all rows of the log, in order."""
    select = f"select {', '.join(COLUMNS)} from stewardship.decision order by number"
    found: list[Decision] = []
    for row in con.execute(select).fetchall():
        cells: list[Any] = [tuple(cell) if isinstance(cell, list) else cell for cell in row]
        found.append(Decision(*cells))
    return found


def append(con: duckdb.DuckDBPyConnection, decisions: Sequence[Decision]) -> None:
    """Add rows to the log, and give the review items that they speak of their state."""
    if not decisions:
        return
    cells = zip(*map(cells_of, decisions), strict=True)
    columns = dict(zip(COLUMNS, map(list, cells), strict=True))
    values = ", ".join(
        f"unnest(cast(${name} as {_TYPES.get(name, 'varchar')}[]))" for name in COLUMNS
    )
    con.execute(f"insert into stewardship.decision select {values}", columns).fetchall()
    settle_items(con, [decision.decision_id for decision in decisions])


def settle_items(con: duckdb.DuckDBPyConnection, decision_ids: Iterable[str]) -> None:
    """Give the review items that decisions (or what they refer to) answer the state they are in."""
    settled = read_sql("stewardship", "stewardship.settled_item")
    con.execute(
        "update stewardship.review_item as item set state = settled.state,"
        f" decision_id = settled.decision_id from ({settled}) as settled"
        " where item.item_id = settled.item_id",
        {"decisions": list(decision_ids)},
    ).fetchall()
