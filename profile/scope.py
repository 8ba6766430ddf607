"""What a build makes anew: everything, or what has changed since the build before it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

import duckdb

from c360.profile.changes import find_changes, find_due
from c360.profile.parameters import profile_parameters
from c360.step import Context
from c360.warehouse import create_tables, has_rows

FORM = 1
"""Raised when the same models and rows would give other tables than before."""

LARGEST_SHARE = 0.3
"""Share of the customers from which on a table is made whole: it costs less than replacing them."""

_TABLES = """
create table if not exists ops.build_scope (
  run integer primary key,
  is_full boolean not null,
  reason varchar not null,
  as_of timestamp not null,
  fingerprint varchar not null
);
create table if not exists ops.made_table (
  run integer not null,
  table_name varchar not null,
  how varchar not null,
  customers bigint
);
create table if not exists ops.read_batch (
  source varchar not null,
  batch_id varchar not null,
  superseded bigint not null,
  newest timestamp
)
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a build has to look at. `past_run` is the build before it, made as of `past_as_of`."""

    is_full: bool
    past_run: int
    past_as_of: datetime | None


def build_scope(context: Context, models: dict[str, str]) -> None:
    """Add to ops.build_scope whether this build is full, and why.

    `models` are the SELECTs by table: another text makes other rows. Writes temp.run_touched (the
    customers to make anew), temp.run_remade (tables of which any row may be another) and
    temp.run_change (what came to each source).
    """
    con = context.con
    con.execute(_TABLES).fetchall()
    past = con.execute(
        "select run, as_of, fingerprint from ops.build_scope order by run desc limit 1"
    ).fetchall()
    fingerprint = _fingerprint(context, models)
    reason = _why_full(context, past[0] if past else None, fingerprint)
    create_tables(
        con,
        {
            "temp.run_touched": "customer_id varchar",
            "temp.run_remade": "table_name varchar",
            "temp.run_scope": "is_full boolean, past_run integer, past_as_of timestamp",
        },
    )
    find_changes(context)
    find_due(context, past[0][1] if past else None)
    con.execute(
        "insert into temp.run_scope values ($is_full, $past_run, $past_as_of)",
        {
            "is_full": bool(reason),
            "past_run": past[0][0] if past else 0,
            "past_as_of": past[0][1] if past else None,
        },
    ).fetchall()
    con.execute("set variable build_scope = (select s from temp.run_scope as s)").fetchall()
    if not reason:
        # Rows without a customer are made anew each time.
        con.execute("insert into temp.run_touched values (null)").fetchall()
        con.execute(
            "insert into temp.run_touched select distinct customer_id"
            " from identity.retold_customer where run > $run",
            {"run": past[0][0]},
        ).fetchall()
    con.execute(
        "insert into ops.build_scope values ($run, $is_full, $reason, $as_of, $fingerprint)",
        {
            "run": context.run,
            "is_full": bool(reason),
            "reason": reason or "only what has changed since the last build",
            "as_of": context.as_of,
            "fingerprint": fingerprint,
        },
    ).fetchall()


def scope_of(con: duckdb.DuckDBPyConnection) -> Scope:
    """Return the scope of the build that runs; without one, everything."""
    (scope,), *_ = con.execute("select getvariable('build_scope')").fetchall()
    return Scope(**scope) if scope else Scope(is_full=True, past_run=0, past_as_of=None)


def touch(con: duckdb.DuckDBPyConnection, query: str) -> None:
    """Add the customers that a query names to those that are made anew."""
    con.execute(
        "insert into temp.run_touched select distinct customer_id"
        f" from ({query}) where customer_id is not null"
        " and customer_id not in (select customer_id from temp.run_touched"
        " where customer_id is not null)"
    ).fetchall()


def tell_made(context: Context, table: str, how: str) -> None:
    """Add to ops.made_table how a build made a table: whole, new rows, customers or view."""
    con = context.con
    if con.execute("select 1 where getvariable('build_scope') is not null").fetchall():
        con.execute(
            "insert into ops.made_table select $run, $table, $how, case when $how = 'customers'"
            " then (select count(customer_id) from temp.run_touched) end",
            {"run": context.run, "table": table, "how": how},
        ).fetchall()


def remade(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the tables of which this build may have changed any row."""
    return {name for (name,) in con.execute("select table_name from temp.run_remade").fetchall()}


def tell_remade(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Say that any row of a table may be another now."""
    con.execute("insert into temp.run_remade values ($table)", {"table": table}).fetchall()


def _why_full(
    context: Context, past: tuple[int, datetime, str] | None, fingerprint: str
) -> str | None:
    if past is None:
        return "the first build"
    run, as_of, known = past
    reasons = {
        "--full": context.is_full,
        "the configuration or a model has changed": known != fingerprint,
        "as_of lies before that of the last build": context.as_of < as_of,
        "all customers were resolved anew": _is_everybody_retold(context.con, run),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _is_everybody_retold(con: duckdb.DuckDBPyConnection, past_run: int) -> bool:
    query = "select 1 from identity.retold_customer where run > $run and customer_id is null"
    return bool(con.execute(f"{query} limit 1", {"run": past_run}).fetchall())


def _fingerprint(context: Context, models: dict[str, str]) -> str:
    """Return a digest of all that decides what a row of silver or gold says, but the clock."""
    settings = context.settings
    moments = {"as_of", *(name for name in profile_parameters(context) if name.endswith("_since"))}
    rules = {k: v for k, v in profile_parameters(context).items() if k not in moments}
    told = {
        "form": FORM,
        "models": models,
        "rules": rules,
        "sources": {n: s.model_dump(mode="json") for n, s in settings.sources.items()},
        "identifiers": {n: i.model_dump(mode="json") for n, i in settings.identifiers.items()},
        "consent": settings.consent.model_dump(mode="json"),
        "activation": {n: a.model_dump(mode="json") for n, a in settings.activation.items()},
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]


def is_too_wide(con: duckdb.DuckDBPyConnection) -> bool:
    """Say whether so many customers are touched that tables are better made whole."""
    if not has_rows(con, "temp.run_touched"):
        return False
    touched, living = con.execute(
        "select (select count(*) from temp.run_touched), (select count(*) from identity.customer"
        " where to_run is null and redirects_to is null)"
    ).fetchall()[0]
    return bool(touched - 1 > LARGEST_SHARE * max(living, 1000))
