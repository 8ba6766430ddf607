"""Resolving rows that stand in the test, and reading what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from c360.config import Settings
from c360.identity.history import build_members, customer_parameters
from c360.identity.keyrings import build_records
from c360.identity.resolution import resolve_tiers
from c360.step import Context, run_model
from c360.warehouse import transaction
from c360.workspace import Workspace

NOON = datetime(2026, 1, 15, 12)
CONTRACT = {
    "path": "unused",
    "owner": "a team",
    "grain": "one row per record",
    "key": "id",
    "event_time": "seen_at",
    "update": "append",
    "lateness": "1d",
    "privacy": {},
    "replay": "full",
}


@dataclass(frozen=True)
class Resolved:
    """What resolution made of the rows of one source named `feed`."""

    con: duckdb.DuckDBPyConnection

    def customers(self) -> set[frozenset[str]]:
        """Return the customers as sets of record ids."""
        rows = self.con.execute(
            "select list(record_id) from identity.member where to_run is null group by customer_id"
        ).fetchall()
        return {frozenset(records) for (records,) in rows}

    def customer_of(self) -> dict[str, str]:
        """Return the customer_id of each record."""
        return dict(
            self.con.execute(
                "select record_id, customer_id from identity.member where to_run is null"
            ).fetchall()
        )

    def status(self) -> dict[tuple[str, str], str]:
        """Return the status of each identifier by (namespace, value)."""
        rows = self.con.execute(
            "select namespace, value, status from identity.identifier"
        ).fetchall()
        return {(namespace, value): status for namespace, value, status in rows}

    def reason(self, namespace: str, value: str) -> str:
        """Return why an identifier has its status."""
        return self.con.execute(
            "select reason from identity.identifier where namespace = $n and value = $v",
            {"n": namespace, "v": value},
        ).fetchall()[0][0]


def settings_for(
    identifiers: dict[str, dict[str, Any]],
    *,
    guards: dict[str, Any] | None = None,
    attributes: Sequence[str] = (),
    entity: str = "orders",
) -> Settings:
    """Return settings with one source `feed`, whose columns are named as what they carry."""
    columns = [name for name, each in identifiers.items() if not each.get("all_of")]
    source = CONTRACT | {
        "entity": entity,
        "identifiers": {name: name for name in columns},
        "attributes": {name: name for name in attributes},
    }
    return Settings.model_validate(
        {
            "name": "test",
            "identifiers": identifiers,
            "guards": guards or {},
            "sources": {"feed": source},
        }
    )


def resolve_rows(
    con: duckdb.DuckDBPyConnection, folder: Path, settings: Settings, rows: Sequence[dict[str, Any]]
) -> Resolved:
    """Resolve rows of the source `feed`; missing cells are null, missing times the row's number."""
    source = settings.sources["feed"]
    columns = sorted({*source.identifiers, *source.attributes})
    con.execute(
        'create or replace table bronze."feed__current" (id varchar, seen_at timestamp, '
        + ", ".join(f'"{column}" varchar' for column in columns)
        + ")"
    )
    table = [
        [str(row.get("id", number)), row.get("seen_at", datetime(2026, 1, 1, 0, number % 60))]
        + [row.get(column) for column in columns]
        for number, row in enumerate(rows, start=1)
    ]
    marks = ", ".join("?" for _ in range(len(columns) + 2))
    if table:
        con.executemany(f'insert into bronze."feed__current" values ({marks})', table)
    run = con.execute("select count(*) + 1 from ops.run").fetchall()[0][0]
    context = Context(con, settings, Workspace(folder), NOON, run)
    with transaction(con):
        build_records(context)
        resolve_tiers(context)
        run_model("identity", "identity.link", context, {})
        build_members(context)
        run_model("identity", "identity.customer", context, customer_parameters(context))
    return Resolved(con)
