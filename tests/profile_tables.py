"""Small visible tables for the tests of the profile folder."""

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from c360.config import Settings
from c360.entities import entities
from c360.profile.attributes import customer_attribute_sql
from c360.profile.conform import entity_sql
from c360.profile.models import MODELS
from c360.rules import Rules
from c360.step import Context
from c360.warehouse import SCHEMAS, build_table
from c360.workspace import Workspace

AS_OF = datetime(2026, 1, 15, 12)
IDENTITY = """
create table identity.member (source varchar, record_id varchar, keyring varchar,
  customer_id varchar, resolved_by varchar, evidence varchar, confidence double,
  from_run integer, to_run integer);
create table identity.customer (customer_id varchar, records bigint, sources bigint,
  identifiers bigint, is_identified boolean, first_seen timestamp, last_seen timestamp,
  redirects_to varchar, from_run integer, to_run integer);
create table identity.link (keyring varchar, namespace varchar, value varchar, status varchar);
create table identity.verdict (identifier varchar, status varchar);
create table identity.cluster (keyring varchar, customer_id varchar);
create table identity.carried (keyring varchar, identifier varchar);
create table identity.keyring (keyring varchar, first_seen timestamp);
create table identity.value (identifier varchar, namespace varchar);
create table identity.disowned (keyring varchar, identifier varchar);
create table identity.change (run integer, kind varchar, customer_id varchar,
  other_customer_id varchar);
create table ops.run (run integer, as_of timestamp);
create table silver.held_row (entity varchar, source varchar, record_id varchar,
  event_time timestamp, flag varchar, treatment varchar);
create table silver.unzoned_row (entity varchar, source varchar, record_id varchar,
  event_time timestamp);
create table bronze.conflicting_key (entity varchar, source varchar, record_id varchar);
"""


def settings_with(sources: dict[str, dict[str, Any]] | None = None, **rules: object) -> Settings:
    """Return a configuration of these sources, each with a contract, and these rules."""
    contract = {
        "path": "feed.csv",
        "owner": "team",
        "grain": "row",
        "key": "id",
        "event_time": "at",
        "update": "upsert",
        "lateness": "1d",
        "privacy": {},
        "replay": "full",
    }
    return Settings.model_validate(
        {
            "name": "shop",
            "identifiers": {"card": {"strength": "anchor"}},
            "sources": {
                name: {**contract, **source}
                for name, source in (sources or {"none": {"entity": "stores"}}).items()
            },
            "rules": Rules.model_validate(rules),
        }
    )


def empty_context(folder: Path | None = None, **rules: object) -> Context:
    """Return a context whose silver entities and identity tables exist and are empty."""
    con = duckdb.connect()
    con.execute("attach ':memory:' as c360").fetchall()
    con.execute("use c360").fetchall()
    con.execute("set TimeZone = 'UTC'").fetchall()
    for schema in SCHEMAS:
        con.execute(f"create schema {schema}").fetchall()
    con.execute(IDENTITY).fetchall()
    for entity in entities().values():
        build_table(con, f"silver.{entity.name}", entity_sql(entity, []), {})
    build_table(con, "silver.customer_attribute", customer_attribute_sql([]), {})
    workspace = Workspace(folder or Path("nowhere"))
    return Context(con, settings_with(None, **rules), workspace, AS_OF, run=7)


def given(context: Context, table: str, text: str) -> None:
    """Insert the rows of a text table: a line of column names, then a line per row; - is null."""
    head, *rows = [line.split() for line in text.splitlines() if line.strip()]
    marks = ", ".join("?" for _ in head)
    for row in rows:
        cells = [None if cell == "-" else cell for cell in row]
        context.con.execute(
            f"insert into {table} ({', '.join(head)}) values ({marks})", cells
        ).fetchall()


def people(*names: str) -> Context:
    """Return a context that knows these identified customers."""
    context = empty_context()
    for name in names:
        given(context, "identity.customer", f"customer_id is_identified\n{name} true")
    return context


def build(context: Context, *tables: str) -> None:
    """Build these models, or all of them, in the order of the flow."""
    for step in MODELS:
        if not tables or step.table in tables:
            step.build(context)


def rows(context: Context, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    return context.con.execute(query).fetchall()


def text(context: Context, query: str) -> list[str]:
    """Return the rows of a query, each as its cells with blanks between, - for null."""
    return [" ".join("-" if c is None else str(c) for c in row) for row in rows(context, query)]
