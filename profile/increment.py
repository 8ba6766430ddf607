"""Making a model anew for the customers that changes have touched, or for all of them."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

import duckdb

from c360.profile.parameters import profile_parameters
from c360.profile.scope import is_too_wide, remade, scope_of, tell_made, tell_remade, touch
from c360.profile.windows import name_windows
from c360.step import Context, build_model, parameters_of
from c360.warehouse import has_table

_INPUT = re.compile(r"\b(silver|gold|identity)\.(\w+)\b( as \w+)?")


def is_kept(context: Context, table: str, text: str, reads: Sequence[str]) -> bool:
    """Say whether the rows of untouched customers are as the last build made them.

    Touches, besides, the customers for whom a window of the model has moved.
    """
    con, scope = context.con, scope_of(context.con)
    if scope.is_full or not has_table(con, table) or remade(con) & set(reads):
        return False
    if scope.past_as_of != context.as_of:
        if "as_of" in parameters_of(text):
            return False
        for since in parameters_of(text):
            if since.endswith("_since"):
                _touch_window(context, since, scope.past_as_of, reads)
    return not is_too_wide(con)


def make_whole(context: Context, table: str, text: str) -> None:
    """Write all rows of a model."""
    build_model(context.con, table, text, profile_parameters(context))
    name_windows(context, table)
    tell_made(context, table, "whole")
    if not scope_of(context.con).is_full:
        tell_remade(context.con, table)


def compare_whole(context: Context, table: str, text: str) -> None:
    """Write all rows of a model that others build on, and touch the customers of changed rows."""
    con = context.con
    if scope_of(con).is_full or not has_table(con, table):
        make_whole(context, table, text)
        return
    con.execute(f"create or replace temp table past_rows as from {table}").fetchall()
    build_model(con, table, text, profile_parameters(context))
    name_windows(context, table)
    tell_made(context, table, "whole")
    differences = (
        f"((from {table} except all from temp.past_rows)"
        f" union all (from temp.past_rows except all from {table}))"
    )
    if "customer_id" in _columns(con, table):
        touch(con, f"select customer_id from {differences}")
    elif con.execute(f"select 1 from {differences} limit 1").fetchall():
        tell_remade(con, table)


def update_customers(context: Context, table: str, text: str, reads: Sequence[str]) -> None:
    """Replace the rows of the touched customers: the same SELECT, over their rows alone."""
    con = context.con
    only = {read: rows for read in reads if (rows := _restrict(con, read)) is not None}
    con.execute(f"delete from {table} where {_OF_TOUCHED}").fetchall()
    parameters = profile_parameters(context)
    named = {name: parameters[name] for name in parameters_of(text)}
    restricted = _INPUT.sub(lambda match: _restricted(only, match), text)
    con.execute(f"insert into {table}\n{restricted}", named).fetchall()
    tell_made(context, table, "customers")


_OF_TOUCHED = (
    "(customer_id is null or customer_id in"
    " (select customer_id from temp.run_touched where customer_id is not null))"
)


def _restrict(con: duckdb.DuckDBPyConnection, table: str) -> str | None:
    """Return the temporary table of the touched customers' rows of a table; None: all are needed.

    It is made once for all models, and again where more customers have been touched since.
    """
    columns = _columns(con, table)
    if "customer_id" in columns:
        condition = _OF_TOUCHED
    elif "keyring" in columns:
        condition = f"keyring in (select keyring from identity.cluster where {_OF_TOUCHED})"
    else:
        return None
    (touched,), *_ = con.execute("select count(*) from temp.run_touched").fetchall()
    only = f"run_only_{table.replace('.', '_')}_{touched}"
    con.execute(
        f"create temp table if not exists {only} as from {table} where {condition}"
    ).fetchall()
    return f"temp.{only}"


def _restricted(only: Mapping[str, str], match: re.Match[str]) -> str:
    """Return what a model selects from in place of a table; it goes by the same name."""
    schema, name, alias = match.groups()
    table = only.get(f"{schema}.{name}")
    return f"{table}{alias or f' as {name}'}" if table else match[0]


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    relation = con.execute(f"from {table} limit 0")
    columns = {name for name, *_ in relation.description or ()}
    relation.fetchall()
    return columns


def _touch_window(
    context: Context, since: str, past_as_of: datetime | None, reads: Sequence[str]
) -> None:
    """Touch the customers who have a row in what has left, or come into, a window."""
    con = context.con
    for table in reads:
        columns = con.execute(f"describe {table}").fetchall()
        if "customer_id" not in {name for name, *_ in columns}:
            continue
        for column in (name for name, type_, *_ in columns if type_ == "TIMESTAMP"):
            con.execute(
                "create or replace temp table leaving as select distinct customer_id"
                f" from {table} where {column} < $begin"
                f" and {column} >= cast($begin as timestamp) - ($as_of - cast($past as timestamp))",
                {
                    "begin": profile_parameters(context)[since],
                    "as_of": context.as_of,
                    "past": past_as_of,
                },
            ).fetchall()
            touch(con, "from temp.leaving")
