"""Rows that are resolved and make a review queue, which a test looks at."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from identity_rows import NOON, resolve_rows, settings_for

from c360.config import Settings
from c360.identity.probabilistic.layout import PROPOSAL_TABLES, make_proposal_tables
from c360.step import Context
from c360.stewardship.accepting import accept_proposals
from c360.stewardship.layout import QUEUE_TABLES
from c360.stewardship.queue import build_review_items, price_items
from c360.warehouse import drop_scratch, open_warehouse, transaction
from c360.workspace import Workspace

IDENTIFIERS = {
    "card": {"strength": "anchor"},
    "account": {"strength": "anchor", "per_person": 5},
    "mail": {"strength": "contact"},
    "phone": {"strength": "contact"},
    "device": {"strength": "trace"},
    "visit": {"strength": "trace", "visit": True},
}
SHOP = settings_for(
    IDENTIFIERS,
    guards={"one_per_person": ["born"]},
    attributes=["name", "town", "born"],
    entity="customers",
)

ANN = {"id": "ann", "card": "1", "mail": "a", "name": "Ann", "town": "Ulm", "born": "1980"}
ANNE = {"id": "anne", "card": "2", "mail": "a", "name": "ANN ", "town": "Bonn", "born": "1980"}
HALVES = (
    {"id": "l1", "account": "1", "mail": "m", "name": "Lea"},
    {"id": "l2", "account": "1", "phone": "5"},
    {"id": "l3", "phone": "5", "visit": "v1"},
    {"id": "r1", "account": "2", "mail": "m", "name": "Lea"},
    {"id": "m1", "mail": "m"},
)
"""Lea: one account has l1 l2, another r1, and nothing but her e-mail joins them."""


@dataclass(frozen=True)
class Likely:
    """The customers of two records (by their ids) as the comparison scores them; bits of weight."""

    left: str
    right: str
    probability: float = 0.973
    weight: float = 5.2
    says: tuple[tuple[str, float], ...] = (("same date of birth", 9.2),)
    prior: float = -4.0
    model: str = "m_1"


@dataclass(frozen=True)
class Queue:
    """A queue over the rows of one source."""

    con: duckdb.DuckDBPyConnection
    folder: Path

    def run(
        self,
        *rows: dict[str, Any],
        is_full: bool = False,
        rules: Settings = SHOP,
        proposals: Sequence[Likely] = (),
    ) -> "Queue":
        """Resolve the rows, propose those pairs that are two customers, and make the queue."""
        resolve_rows(self.con, self.folder, rules, rows, is_full=is_full)
        self._propose(proposals)
        context = self.context(rules, is_full=is_full)
        with transaction(self.con):
            for step in (build_review_items, price_items):
                step(context)
                drop_scratch(self.con)
        return self

    def context(self, rules: Settings = SHOP, *, is_full: bool = False) -> Context:
        """Return the context of the last run."""
        run = self.rows("select max(run) from ops.run")[0][0]
        return Context(self.con, rules, Workspace(self.folder), NOON, run, is_full)

    def accept(self, rules: Settings) -> int:
        """Let the rule accept what it may, and return how many decisions it makes."""
        with transaction(self.con):
            accepted = accept_proposals(self.context(rules))
            drop_scratch(self.con)
        return accepted

    def _propose(self, proposals: Sequence[Likely]) -> None:
        make_proposal_tables(self.con)
        for table in PROPOSAL_TABLES:
            self.rows(f"delete from {table}")
        for each in proposals:
            left, right = sorted(map(self.customer_of, (each.left, each.right)))
            self.con.execute(
                "insert into identity.model_level by name select $model as model, 1 as run",
                {"model": each.model},
            ).fetchall()
            if left == right:
                continue
            self.con.execute(
                "insert into identity.proposal values ($l, $r, $model, $weight, $probability, '')",
                {
                    "l": left,
                    "r": right,
                    "model": each.model,
                    "weight": each.weight,
                    "probability": each.probability,
                },
            ).fetchall()
            for place, (words, weight) in enumerate([("", each.prior), *each.says]):
                self.con.execute(
                    "insert into identity.proposal_weight values ($l, $r, $place, '', $words, $w)",
                    {"l": left, "r": right, "place": place, "words": words, "w": weight},
                ).fetchall()

    def build(self, revenue: dict[str, float]) -> None:
        """Make the mart of customers with the revenue of each, and price the items by it."""
        self.con.execute(
            "create or replace table gold.customer_360 as select unnest($ids) as customer_id,"
            " cast(unnest($usd) as decimal(18, 2)) as net_revenue_usd",
            {"ids": list(revenue), "usd": list(revenue.values())},
        ).fetchall()
        price_items(Context(self.con, SHOP, Workspace(self.folder), NOON, 0))

    def rows(self, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
        return self.con.execute(sql, parameters).fetchall()

    def items(self, columns: str = "kind, state") -> list[tuple[Any, ...]]:
        """Return columns of the items."""
        return self.rows(f"select {columns} from stewardship.review_item order by kind, item_id")

    def fields(self) -> list[tuple[Any, ...]]:
        return self.rows(
            "select field, value_l, value_r, is_agreeing from stewardship.review_field"
            " order by item_id, rowid"
        )

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        return {table: self.rows(f"from {table} order by all") for table in QUEUE_TABLES}

    def customer_of(self, record_id: str) -> str:
        return self.rows(
            "select customer_id from identity.member where to_run is null and record_id = $id",
            id=record_id,
        )[0][0]

    def item_id(self) -> str:
        ((item_id,),) = self.items("item_id")
        return item_id


@contextmanager
def open_queue(folder: Path, name: str = "c360") -> Iterator[Queue]:
    """Give an empty warehouse."""
    with open_warehouse(folder / f"{name}.duckdb") as con:
        yield Queue(con, folder)
