"""Resolving rows that stand in the test, and reading what came of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from c360.config import Settings
from c360.identity.decisions import make_decision_tables
from c360.identity.history import build_changes, build_customers, build_members
from c360.identity.records import build_records
from c360.identity.resolution import build_clusters
from c360.sources.loads import create_load_table
from c360.step import Context
from c360.warehouse import drop_scratch, transaction
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
IDENTITY_STEPS = (build_records, build_clusters, build_members, build_customers, build_changes)
HISTORY = ("identity.member", "identity.customer", "identity.change")
TABLES = (
    "identity.record",
    "identity.sighting",
    "identity.keyring",
    "identity.keyring_attribute",
    "identity.carried",
    "identity.value",
    "identity.cluster",
    "identity.contested_keyring",
    "identity.verdict",
    "identity.disowned",
    "identity.overridden_guard",
    *HISTORY,
)
"""Every table that resolution writes."""

Row = Mapping[str, Any]


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

    def changes(self) -> set[tuple[str, str, str | None]]:
        """Return the last run's changes as (kind, customer, other customer)."""
        return set(
            self.con.execute(
                "select kind, customer_id, other_customer_id from identity.change"
                " where run = (select max(run) from ops.run)"
            ).fetchall()
        )

    def redirects(self) -> dict[str, str]:
        """Return where dead ids lead."""
        return dict(
            self.con.execute(
                "select customer_id, redirects_to from identity.customer"
                " where to_run is null and redirects_to is not null"
            ).fetchall()
        )

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return the rows of every table that resolution writes, in one order."""
        return {
            table: self.con.execute(f"from {table} order by all").fetchall() for table in TABLES
        }


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Make the warehouse one that no run has written to."""
    con.execute("drop view if exists stewardship.decision_in_force").fetchall()
    for table in (
        *TABLES,
        "identity.rule_set",
        "identity.read_batch",
        "identity.read_decision",
        "stewardship.decision",
        "bronze.feed__current",
    ):
        con.execute(f"drop table if exists {table}").fetchall()
    con.execute("delete from ops.run").fetchall()


def decide(
    con: duckdb.DuckDBPyConnection,
    kind: str,
    left: Sequence[str],
    right: Sequence[str],
    **told: Any,
) -> str:
    """Log a decision on records of `feed`, and return its id: `d1` is the first one of the log."""
    make_decision_tables(con)
    number = con.execute("select count(*) + 1 from stewardship.decision").fetchall()[0][0]
    row = {
        "number": number,
        "decision_id": f"d{number}",
        "kind": kind,
        "records_l": [f"feed:{record}" for record in left],
        "records_r": [f"feed:{record}" for record in right],
        "identifiers_l": [],
        "identifiers_r": [],
        "needs_second": False,
        "reason": "seen",
        "decided_by": "ann",
        "decided_at": NOON,
        "provenance": "steward",
    } | told
    cells = ", ".join(f"${name} as {name}" for name in row)
    con.execute(f"insert into stewardship.decision by name select {cells}", row).fetchall()
    return f"d{number}"


def revoke(con: duckdb.DuckDBPyConnection, decision_id: str) -> None:
    """Log that a decision is taken back."""
    decide(con, "revoke", [], [], refers_to=decision_id)


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


def land_rows(con: duckdb.DuckDBPyConnection, settings: Settings, rows: Sequence[Row]) -> int:
    """Put rows in force as the source `feed`, and return the number of the run that may read them.

    Rows that are in force already stay in their batch, new and changed ones are a batch of the run,
    and where a row is gone all batches are retired. Missing cells are null, missing times the row's
    number.
    """
    source = settings.sources["feed"]
    columns = sorted({*source.identifiers, *source.attributes})
    create_load_table(con)
    con.execute(
        'create table if not exists bronze."feed__current" (id varchar, seen_at timestamp, '
        + ", ".join(f'"{column}" varchar' for column in columns)
        + ", _batch_id varchar)"
    )
    run = con.execute("select coalesce(max(run), 0) + 1 from ops.run").fetchall()[0][0]
    con.execute(
        "insert into ops.run values ($run, 'resolve', $now, $now, $now, 'test')",
        {"run": run, "now": NOON},
    )
    con.execute('create or replace temp table past as select * from bronze."feed__current"')
    con.execute("create or replace temp table given as select * from past limit 0")
    table = [
        [str(row.get("id", number)), row.get("seen_at", datetime(2026, 1, 1, 0, number % 60))]
        + [row.get(column) for column in columns]
        for number, row in enumerate(rows, start=1)
    ]
    marks = ", ".join("?" for _ in range(len(columns) + 2))
    if table:
        con.executemany(f"insert into given values ({marks}, null)", table)
    is_gone = con.execute("select 1 from past anti join given using (id) limit 1").fetchall()
    same = " and ".join(
        f'past."{column}" is not distinct from given."{column}"'
        for column in ("id", "seen_at", *columns)
    )
    batch = (
        "cast($run as varchar)" if is_gone else "coalesce(past._batch_id, cast($run as varchar))"
    )
    con.execute(
        'create or replace table bronze."feed__current" as'
        f" select given.* replace ({batch} as _batch_id) from given left join past on {same}",
        {"run": run},
    )
    con.execute("delete from ops.load")
    con.execute(
        "insert into ops.load by name select distinct 1 as run, 'feed' as source,"
        " _batch_id as batch_id, 'f' as file, 'h' as content_hash, 'c' as contract,"
        " [] as columns, [] as types,"
        " 0 as rows_read, 0 as rows_landed, 0 as rows_rejected, $now as landed_at"
        ' from bronze."feed__current"',
        {"now": NOON},
    )
    return run


def resolve_rows(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    settings: Settings,
    rows: Sequence[Row],
    *,
    is_full: bool = False,
) -> Resolved:
    """Resolve rows of the source `feed`, as an increment where there was a run before."""
    with transaction(con):
        run = land_rows(con, settings, rows)
        resolve_landed(con, folder, settings, run, is_full=is_full)
    return Resolved(con)


def resolve_landed(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    settings: Settings,
    run: int,
    *,
    is_full: bool = False,
) -> None:
    """Run the steps of identity on what has landed."""
    context = Context(con, settings, Workspace(folder), NOON, run, is_full)
    for step in IDENTITY_STEPS:
        step(context)
        drop_scratch(con)
    for (table,) in con.execute(
        "select table_name from duckdb_tables() where temporary"
    ).fetchall():
        con.execute(f"drop table temp.{table}")
