"""A hand-made warehouse like TuranMart's after a build; its rows stand in reports_warehouse.sql."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from c360.config_file import read_settings
from c360.entities import entities
from c360.reports.checks import build_quality_check
from c360.reports.quality_report import write_report
from c360.reports.what_changed import record_figures
from c360.step import Context, Step
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


STEPS = tuple(
    Step(table, reads, lambda _: None)
    for table, reads in {
        "bronze.*": (),
        "identity.member": ("bronze.*",),
        "gold.customer_360": ("identity.member",),
    }.items()
)


def check_again(context: Context, run: int, *changes: str) -> Context:
    """Change the warehouse, and check it in a run of its own."""
    own = replace(context, run=run)
    for change in changes:
        own.con.execute(change).fetchall()
    build_quality_check(own)
    record_figures(own)
    return own


def reported_page(folder: Path) -> str:
    """Return the page about a warehouse checked twice: the second time its segments disagree."""
    with built_warehouse(folder) as context:
        check_again(context, 3)
        last = check_again(context, 4, BREAK)
        return write_report(last, STEPS).read_text(encoding="utf-8")


BREAK = "update gold.segment_summary set customers = 1 where segment = 'loyal'"
"""What makes a check fail."""
