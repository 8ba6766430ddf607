"""A shop whose feeds come in batches: land them, resolve, build, and look at every table."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from c360.entities import entities
from c360.profile.model import Model
from c360.profile.models import MODELS
from c360.runs import reading, run_steps, writing
from c360.steps import STEPS
from c360.workspace import Workspace

CONTRACT = {
    "owner": "a team",
    "grain": "one row per key",
    "key": "id",
    "event_time": "at",
    "lateness": "1d",
    "privacy": {},
    "replay": "full",
}
WHO = {"card": "card", "mail": "mail"}


def source(entity: str, update: str, columns: Sequence[str], **more: Any) -> dict[str, Any]:
    """Return a source whose canonical columns are called as its own."""
    selected = {name: name for name in columns}
    return {**CONTRACT, "entity": entity, "update": update, "select": selected, **more}


SOURCES = {
    "crm": source(
        "customers",
        "upsert",
        ["status", "preferred_channel", "source_segment"],
        identifiers=WHO,
        attributes={"first_name": "first_name", "city": "city"},
        deleted="gone = 'yes'",
    ),
    "cards": source("loyalty_accounts", "upsert", ["tier", "points"], identifiers=WHO),
    "rates": source("exchange_rates", "append", ["currency", "usd"]),
    "orders": source(
        "orders",
        "upsert",
        ["type", "status", "currency", "amount", "channel", "store_id", "payment_method"],
        identifiers=WHO,
        deleted="gone = 'yes'",
    ),
    "items": source(
        "order_items", "append", ["order_id", "product_id", "category", "quantity", "amount"]
    ),
    "returns": source("returns", "append", ["order_id", "amount"]),
    "products": source("products", "snapshot", ["name", "category", "brand"]),
    "visits": source(
        "web_events",
        "append",
        ["session_id", "event_type", "page", "device_type", "referrer"],
        identifiers=WHO | {"visit": "session_id"},
    ),
    "tickets": source("tickets", "upsert", ["status", "category", "csat"], identifiers=WHO),
    "talks": source("ticket_interactions", "append", ["ticket_id", "sentiment", "description"]),
    "mailings": source(
        "campaign_events",
        "upsert",
        ["campaign_id", "channel", "is_delivered", "is_opened", "is_clicked", "is_unsubscribed"],
        identifiers=WHO,
    ),
    "consents": source("consents", "append", ["purpose", "is_granted"], identifiers=WHO),
    "wishes": source("preferences", "upsert", ["type", "value", "strength"], identifiers=WHO),
}
SETTINGS: dict[str, Any] = {
    "name": "shop",
    "as_of": "2026-01-31T12:00:00Z",
    "identifiers": {
        "card": {"strength": "anchor"},
        "mail": {"strength": "contact"},
        "visit": {"strength": "trace", "visit": True},
    },
    "sources": {name: {**each, "path": f"data/raw/{name}_*.csv"} for name, each in SOURCES.items()},
}
BUILT = [
    *(f"silver.{name}" for name in entities()),
    "silver.customer_attribute",
    "silver.held_row",
    *(
        step.table
        for step in MODELS
        if not (isinstance(step.build, Model) and step.build.kind == "view")
    ),
]
"""Every table that a build stores."""

Rows = Sequence[Mapping[str, Any]]


def columns_of(name: str) -> list[str]:
    """Return the columns of a feed."""
    described = SOURCES[name]
    who = [*described.get("identifiers", {}).values(), *described.get("attributes", {}).values()]
    found = dict.fromkeys(["id", "at", *who, *described["select"]])
    if "deleted" in described:
        found["gone"] = None
    return list(found)


def lay_out(folder: Path) -> Workspace:
    """Write the configuration of the shop."""
    (folder / "data" / "raw").mkdir(parents=True)
    (folder / "c360.yaml").write_text(json.dumps(SETTINGS))
    return Workspace(folder)


def deliver(folder: Path, name: str, batch: int, rows: Rows) -> None:
    """Write a batch of a feed; a snapshot takes the place of the one before."""
    if SOURCES[name]["update"] == "snapshot":
        batch = 0
    with (folder / "data" / "raw" / f"{name}_{batch:02}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, columns_of(name), restval="")
        writer.writeheader()
        writer.writerows(rows)


def resolve(workspace: Workspace, as_of: datetime) -> None:
    """Land and resolve what is new."""
    steps = [s for s in STEPS if s.table.partition(".")[0] in ("bronze", "identity")]
    with writing(workspace, "resolve", as_of) as context:
        run_steps(context, "Resolving", [s for s in steps if s.table != "identity.proposal"])


def upstream(*tables: str) -> set[str]:
    """Return the tables and all that they are made of."""
    found: set[str] = set()
    for step in reversed(STEPS):
        if step.table in tables or step.table in found or found & set(step.also):
            found |= {step.table, *step.reads}
    return found | set(tables)


def build_only(workspace: Workspace, as_of: datetime, *tables: str) -> None:
    """Build some tables and what they are made of."""
    wanted = upstream(*tables) | {"ops.build_scope"}
    with writing(workspace, "build", as_of) as context:
        steps = [s for s in STEPS if s.table.partition(".")[0] in ("silver", "gold", "ops")]
        run_steps(context, "Building", [step for step in steps if step.table in wanted])


def build(workspace: Workspace, as_of: datetime, *, is_full: bool = False) -> dict[str, list[Any]]:
    """Build, and return the rows of every table in an order of their own."""
    with writing(workspace, "build", as_of, is_full=is_full) as context:
        wanted = ("silver", "gold")
        steps = [s for s in STEPS if s.table.partition(".")[0] in wanted]
        scope = [s for s in STEPS if s.table == "ops.build_scope"]
        run_steps(context, "Building", [*scope, *steps])
    with reading(workspace, as_of) as context:
        return {
            table: context.con.execute(f"from {table} order by all").fetchall() for table in BUILT
        }
