"""The canonical entities that sources are mapped onto, read from entities.yaml."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

EntityName = Literal[
    "customers",
    "loyalty_accounts",
    "orders",
    "order_items",
    "returns",
    "web_events",
    "sessions",
    "tickets",
    "ticket_interactions",
    "campaign_events",
    "campaigns",
    "consents",
    "preferences",
    "external_profiles",
    "external_sentiment",
    "products",
    "stores",
    "exchange_rates",
]

MASTERING: tuple[EntityName, ...] = ("customers", "loyalty_accounts")
"""Entities whose sources master people: a customer with a record there is *known*."""


@dataclass(frozen=True, slots=True)
class Column:
    """A canonical column. In free text contact data is masked. `type` is DuckDB's."""

    name: str
    type: str
    meaning: str
    kind: Literal["free_text"] | None = None


@dataclass(frozen=True, slots=True)
class Parent:
    """Where rows get their customer from: the row of `entity` that their column `key` names."""

    entity: EntityName
    key: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A canonical entity. `grain` says what one row is."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    parent: Parent | None = None

    def column(self, name: str) -> Column:
        """Return the column of that name; KeyError where there is none."""
        return {column.name: column for column in self.columns}[name]


@cache
def entities() -> dict[str, Entity]:
    """Return every canonical entity by name, in the order of entities.yaml."""
    text = (files("c360") / "entities.yaml").read_text(encoding="utf-8")
    return {
        name: Entity(
            name=name,
            grain=entry["grain"],
            columns=tuple(Column(c, *what) for c, what in entry["columns"].items()),
            parent=Parent(**entry["parent"]) if "parent" in entry else None,
        )
        for name, entry in yaml.safe_load(text).items()
    }
