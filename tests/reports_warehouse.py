"""A hand-made warehouse like TuranMart's after a build; its rows stand in reports_warehouse.sql."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from c360.config_file import read_settings
from c360.entities import entities
from c360.step import Context
from c360.warehouse import open_warehouse
from c360.workspace import Workspace

NOON = datetime(2026, 1, 15, 12)
CONFIG = Path(__file__).resolve().parents[1] / "data" / "turanmart" / "c360.yaml"

SCRIPT = Path(__file__).with_suffix(".sql")


@contextmanager
def built_warehouse(folder: Path) -> Iterator[Context]:
    """Give the context of a workspace in `folder` whose marts are built and sound."""
    workspace = Workspace(folder)
    with open_warehouse(workspace.warehouse, memory_limit="1GB") as con:
        _make_entities(con)
        for statement in SCRIPT.read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                con.execute(statement).fetchall()
        yield Context(con, read_settings(CONFIG), workspace, NOON, 3)


def _make_entities(con: duckdb.DuckDBPyConnection) -> None:
    for name, entity in entities().items():
        columns = "".join(f', "{column.name}" {column.type}' for column in entity.columns)
        con.execute(
            f"create table silver.{name} (source varchar, record_id varchar, customer_id varchar,"
            f" event_time timestamp{columns})"
        ).fetchall()
