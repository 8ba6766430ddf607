"""A workspace whose feeds stand in the test: `write` them, `land_shop`, `query` the warehouse."""

from datetime import datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from c360.config import Settings
from c360.errors import FeedError
from c360.sources.landing import Landed, land
from c360.sources.rejects import export_rejects
from c360.step import Context
from c360.warehouse import has_table, open_warehouse, transaction
from c360.workspace import Workspace

NOON = datetime(2026, 1, 15, 12)

SHOP: dict[str, Any] = {
    "entity": "orders",
    "path": "data/raw/shop.*",
    "owner": "commerce-team",
    "grain": "one row per order",
    "key": "order_id",
    "event_time": "ordered_at",
    "update": "append",
    "lateness": "7d",
    "privacy": {},
    "replay": "full",
    "select": {"amount_usd": "amount"},
}
"""Contract of the source `shop`: order_id, ordered_at and amount."""


def write(folder: Path, name: str, text: str | bytes) -> Path:
    """Write a feed to data/raw; text is dedented."""
    path = folder / "data" / "raw" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else dedent(text).lstrip("\n").encode())
    return path


def land_shop(
    folder: Path,
    *,
    as_of: datetime = NOON,
    others: dict[str, dict[str, Any]] | None = None,
    namespaces: dict[str, dict[str, Any]] | None = None,
    **changes: Any,
) -> Landed:
    """Land the source `shop` (and others) in a run of its own, its contract changed as given."""
    sources = {"shop": {**SHOP, **changes}, **(others or {})}
    settings = Settings.model_validate(
        {
            "name": "t",
            "identifiers": namespaces or {"card": {"strength": "anchor"}},
            "sources": sources,
        }
    )
    workspace = Workspace(folder)
    with open_warehouse(workspace.warehouse) as con, transaction(con):
        run = 1
        if has_table(con, "ops.load"):
            run = con.execute("select coalesce(max(run), 0) + 1 from ops.load").fetchall()[0][0]
        context = Context(con, settings, workspace, as_of, run)
        landed = land(context)
        export_rejects(context)
    return landed[0]


def problems(folder: Path, **changes: Any) -> list[str]:
    """Return the problems for which landing is refused."""
    with pytest.raises(FeedError) as caught:
        land_shop(folder, **changes)
    return list(caught.value.problems)


def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query over the warehouse."""
    with open_warehouse(Workspace(folder).warehouse, read_only=True) as con:
        return con.execute(sql).fetchall()


def orders(folder: Path) -> list[tuple[Any, ...]]:
    """Return key and amount of the rows in force."""
    return query(folder, "select order_id, amount from bronze.shop__current order by all")
