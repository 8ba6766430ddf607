"""A resolved feed with review items that stand in the test."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from identity_rows import NOON, resolve_rows, settings_for

from c360.config import Settings, Stewardship
from c360.identity.decisions import make_decision_tables
from c360.step import Context
from c360.stewardship.layout import make_queue_tables
from c360.warehouse import open_warehouse
from c360.workspace import Workspace

IDENTIFIERS = {
    "card": {"strength": "anchor"},
    "email": {"strength": "contact"},
    "device": {"strength": "trace"},
}
DESK = settings_for(IDENTIFIERS, attributes=["first_name"])
PEOPLE: tuple[Mapping[str, Any], ...] = (
    {"id": "a1", "card": "K1", "email": "ann"},
    {"id": "a2", "email": "ann", "device": "tablet", "seen_at": datetime(2026, 1, 3)},
    {"id": "b1", "card": "K2", "email": "bob"},
    {"id": "b2", "email": "bob", "device": "tablet", "seen_at": datetime(2026, 1, 5)},
    {"id": "c1", "card": "K3"},
    {"id": "v1", "device": "kiosk"},
)
"""Ann (a1 a2) and Bob (b1 b2) share a tablet; Cy (c1) has a card, and v1 is a visitor."""


@dataclass(frozen=True)
class Desk:
    """A warehouse that stewards work on."""

    con: duckdb.DuckDBPyConnection
    folder: Path
    settings: Settings

    @property
    def run(self) -> int:
        """The last run."""
        return int(self.rows("select max(run) from ops.run")[0][0])

    @property
    def context(self) -> Context:
        """The context of a command that decides."""
        return Context(self.con, self.settings, Workspace(self.folder), NOON, self.run)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.con.execute(sql).fetchall()

    def customer_of(self, record_id: str, run: int | None = None) -> str:
        """Return the customer of a record, now or after a run."""
        when = (
            "to_run is null"
            if run is None
            else f"from_run <= {run} and coalesce(to_run > {run}, true)"
        )
        places = (
            f"select customer_id from identity.member where record_id = '{record_id}' and {when}"
        )
        return str(self.rows(places)[0][0])

    def resolve(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Resolve other rows, as a run of its own."""
        resolve_rows(self.con, self.folder, self.settings, rows)

    def ask(
        self,
        item_id: str,
        left: str,
        right: str | None,
        *,
        kind: str = "shared_value",
        impact: Decimal | None = None,
        values: Sequence[str] = (),
        changed_run: int | None = None,
        evidence: str = "both were seen with a tablet",
    ) -> None:
        """Put an item about the customers of two records in the queue."""
        ends = [self.customer_of(each) if each else None for each in (left, right)]
        self.con.execute(
            "insert into stewardship.review_item values ($item_id, $kind, $l, $r, $evidence, 0.5,"
            " 4, 1, $run, $changed, 'open', null, null)",
            {
                "item_id": item_id,
                "kind": kind,
                "l": ends[0],
                "r": ends[1],
                "evidence": evidence,
                "run": self.run,
                "changed": changed_run or self.run,
            },
        ).fetchall()
        self.con.execute(
            "insert into stewardship.review_impact values ($item_id, $impact, 1.0)",
            {"item_id": item_id, "impact": impact},
        ).fetchall()
        for value in values:
            namespace, _, rest = value.partition(":")
            self.con.execute(
                "insert into stewardship.review_value values"
                " ($item_id, $namespace, $value, 'shared', 'two customers')",
                {"item_id": item_id, "namespace": namespace, "value": rest},
            ).fetchall()

    def item(self, item_id: str) -> tuple[str, str | None, str | None]:
        """Return the state, the assignee and the decision of an item."""
        (found,) = self.rows(
            "select state, assignee, decision_id from stewardship.review_item"
            f" where item_id = '{item_id}'"
        )
        return found

    def log(self) -> list[tuple[Any, ...]]:
        """Return the log: number, kind and who is on either side."""
        return self.rows(
            "select number, kind, records_l, records_r from stewardship.decision order by number"
        )

    def forget_decisions(self) -> None:
        """Empty the log, as in a new warehouse."""
        self.rows("delete from stewardship.decision")


def lay_out_desk(folder: Path, rows: Sequence[Mapping[str, Any]] = PEOPLE) -> Path:
    """Make a warehouse of resolved rows with the tables that people decide in."""
    with open_warehouse(folder / "c360.duckdb") as con:
        resolve_rows(con, folder, DESK, rows)
        make_decision_tables(con)
        make_queue_tables(con)
    return folder


def crowd(desk: Desk, people: int) -> None:
    """Add customers p1, p2, … of two records each, and items about each two that follow."""
    count = {"people": people}
    made = "from range(1, cast($people as bigint) + 1) as made(n)"
    keyring = "cast(md5('p' || n) as uuid)"
    for statement in (
        f"insert into identity.record select 'feed', 'p' || n || part, {keyring}, $noon {made},"
        " (values ('a'), ('b')) as side(part)",
        f"insert into identity.member select 'feed', 'p' || n || part, {keyring}, 'c_' || n,"
        f" 'email', 'some', 1, $run, null {made}, (values ('a'), ('b')) as side(part)",
        f"insert into identity.cluster select {keyring}, {keyring}, 'c_' || n, true, 'email', 1, 1,"
        f" 1 {made}",
        "insert into stewardship.review_item select 'i_' || n, 'refused_link', 'c_' || n, 'c_' ||"
        f" (n + 1), 'both', 0.5, 4, $run, $run, $run, 'open', null, null {made} where n % 2 = 1",
        "insert into stewardship.review_field select 'i_' || n, field, field || n, field || n, true"
        f" {made}, (values ('first_name'), ('card'), ('email'), ('device')) as each(field)"
        " where n % 2 = 1",
    ):
        given = {"noon": NOON, "run": desk.run}
        named = {name: value for name, value in given.items() if f"${name}" in statement}
        desk.con.execute(statement, count | named).fetchall()


@contextmanager
def open_desk(folder: Path, *, two_person_above: float | None = None) -> Iterator[Desk]:
    """Open the warehouse of `lay_out_desk`."""
    limit = Stewardship(two_person_above=two_person_above)
    with open_warehouse(folder / "c360.duckdb") as con:
        yield Desk(con, folder, DESK.model_copy(update={"stewardship": limit}))
