"""A shop with visible feeds: `lay_out` its workspace, run commands there, look at its tables."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from sources_shop import write
from typer.testing import CliRunner

from c360 import cli
from c360.errors import C360Error

CONTRACT = {"owner": "a team", "grain": "one row per key", "lateness": "7d", "privacy": {}}
CRM = CONTRACT | {
    "entity": "customers",
    "path": "data/raw/crm*.csv",
    "key": "contact_id",
    "event_time": "updated_at",
    "update": "upsert",
    "replay": "full",
    "identifiers": {"card": "card", "email": "email"},
    "attributes": {"born": "born"},
}
ORDERS = CONTRACT | {
    "entity": "orders",
    "path": "data/raw/orders*.csv",
    "key": "order_id",
    "event_time": "ordered_at",
    "update": "append",
    "replay": "full",
    "identifiers": {"card": "card", "email": "email"},
    "select": {"status": "'paid'", "amount_usd": "amount"},
}
VISITS = CONTRACT | {
    "entity": "web_events",
    "path": "data/raw/visits*.csv",
    "key": "visit_id",
    "event_time": "seen_at",
    "update": "snapshot",
    "replay": "full",
    "identifiers": {"email": "email", "device": "device"},
}
SHOP: dict[str, Any] = {
    "name": "shop",
    "as_of": "2026-01-15T12:00:00Z",
    "identifiers": {
        "card": {"strength": "anchor"},
        "email": {"strength": "contact", "normalise": "email", "hash": True},
        "device": {"strength": "trace"},
    },
    "guards": {"one_per_person": ["born"], "generic_after": 3},
    "sources": {"crm": CRM, "orders": ORDERS, "visits": VISITS},
}
FEEDS = {
    "crm.csv": """
        contact_id,card,email,born,updated_at
        C1,K1,ann@shop.example,1980-01-01,2026-01-01
        C2,K2,bob@shop.example,,2026-01-01
        C3,,cy@shop.example,,2026-01-01
        """,
    "orders.csv": """
        order_id,card,email,ordered_at,amount
        O1,,ann@shop.example,2026-01-02,10.00
        O2,K2,,2026-01-02,20.00
        O3,,cy@shop.example,2026-01-02,900.00
        O4,,dee@shop.example,2026-01-02,40.00
        """,
    "visits.csv": """
        visit_id,email,device,seen_at
        V1,ann@shop.example,tablet,2026-01-03
        V2,,tablet,2026-01-04
        V3,,phone,2026-01-05
        V4,bob@shop.example,phone,2026-01-06
        V5,eve@shop.example,,2026-01-06
        """,
}
"""Ann (C1 O1 V1 V2), Bob (C2 O2 V3 V4), Cy (C3 O3), Dee (O4) and Eve (V5)."""

ANN_IS_CY = """
    contact_id,card,email,born,updated_at
    C3,K1,cy@shop.example,,2026-01-07
    """
"""Cy turns out to hold Ann's card."""

TABLES = ("record", "sighting", "keyring", "carried", "value", "verdict", "cluster")
HISTORY = ("member", "customer", "change")


@dataclass(frozen=True)
class Ran:
    """What a command printed, and how it ended."""

    exit_code: int
    output: str
    error: str

    def figures(self) -> dict[str, Any]:
        """Return what was printed with --json."""
        found: dict[str, Any] = json.loads(self.output)
        return found


def configure(folder: Path, **sections: Any) -> None:
    """Write c360.yaml, its sections changed as given."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "c360.yaml").write_text(json.dumps(SHOP | sections))  # JSON is YAML


def lay_out(folder: Path, **sections: Any) -> Path:
    """Write the configuration and the feeds of the shop."""
    configure(folder, **sections)
    for name, text in FEEDS.items():
        write(folder, name, text)
    return folder


def c360(command: str, folder: Path, *words: str | Path) -> Ran:
    """Run a command as the command line does."""
    arguments = [*command.split(), *map(str, words), "-w", str(folder)]
    ran = CliRunner().invoke(cli.app, arguments)
    if isinstance(ran.exception, C360Error):
        return Ran(ran.exception.exit_code, ran.stdout, str(ran.exception))
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return Ran(ran.exit_code, ran.stdout, ran.stderr)


def resolve(folder: Path, *words: str | Path) -> Ran:
    """Run `c360 resolve`, which must end well."""
    ran = c360("resolve", folder, *words)
    assert ran.exit_code == 0, ran
    return ran


def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query over the published warehouse."""
    with duckdb.connect(str(folder / "c360.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()


def people(folder: Path) -> set[str]:
    """Return the customers, each as the ids of its records."""
    rows = query(
        folder,
        "select string_agg(record_id, ' ' order by record_id) from identity.member"
        " where to_run is null group by customer_id",
    )
    return {records for (records,) in rows}


def customer_of(folder: Path, record_id: str) -> str:
    """Return the customer that a record belongs to."""
    places = "select record_id, customer_id from identity.member where to_run is null"
    return str(dict(query(folder, places))[record_id])


def last_changes(folder: Path) -> dict[str, int]:
    """Return the number of each kind of change of the last run."""
    return dict(
        query(
            folder,
            "select kind, count(*) from identity.change"
            " where run = (select max(run) from ops.run) group by kind",
        )
    )


def files(folder: Path) -> dict[str, bytes]:
    """Return every file of a workspace."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def differences(left: Path, right: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of each identity table that only one of two warehouses has."""
    with duckdb.connect() as con:
        for name, folder in (("l", left), ("r", right)):
            con.execute(f"attach '{folder / 'c360.duckdb'}' as {name} (read_only)")
        found = {
            table: con.execute(
                f"(from l.identity.{table} except all from r.identity.{table})"
                f" union all (from r.identity.{table} except all from l.identity.{table})"
            ).fetchall()
            for table in (*TABLES, *HISTORY)
        }
    return {table: rows for table, rows in found.items() if rows}


def twin(folder: Path) -> Path:
    """Copy a workspace beside itself."""
    return Path(shutil.copytree(folder, folder.with_name(f"{folder.name}_twin")))
