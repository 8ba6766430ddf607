"""Bringing the rows of a source in silver up to date with what came since the last build."""

import duckdb

from c360.profile.changes import HELD, Change, change_of
from c360.profile.records import Rows, early_table
from c360.profile.scope import scope_of, tell_remade, touch
from c360.profile.target import Target, may_be_held, rows_of, write
from c360.sources.mapping import deleted_sql, record_id_sql
from c360.sources.quoting import text_sql
from c360.step import Context
from c360.warehouse import create_tables, has_rows, has_scratch

REFERENCES = ("products", "stores", "campaigns")
"""Entities that rows of customers name, and that belong to no customer."""

NAMED_BY_OTHERS = ("orders", "tickets", "exchange_rates")
"""Entities of which rows of other entities take their customer or their rate."""


def update(context: Context, target: Target, name: str) -> None:
    """Bring the rows of one source up to date, and touch the customers they belonged to or do."""
    con, source = context.con, target.sources[name]
    change = change_of(con, name)
    if change.is_whole:
        _replace(context, target, rows_of(context, name, source), "true")
        return
    if change.new:
        _take_new(context, target, name, change)
    again = _again(context, target, name, change)
    con.execute(f"create or replace temp table again as {again}").fetchall()
    if has_rows(con, "temp.again"):
        condition = f"{record_id_sql(source)} in (select record_id from temp.again)"
        _replace(context, target, rows_of(context, name, source, condition), _IN_AGAIN)
    if target.parent is None and (source.identifiers or source.attributes):
        _move(context, target, name)


_IN_AGAIN = "record_id in (select record_id from temp.again)"


def _take_new(context: Context, target: Target, name: str, change: Change) -> None:
    """Take what new batches bring, but for keys with a version of after the build: see _again."""
    con, source = context.con, target.sources[name]
    key, listed = record_id_sql(source), _listed(change)
    keys = f"select {key} as record_id from bronze.{name} where {listed}"
    if source.collapse:
        distinct = f"select distinct record_id from ({keys})"
        con.execute(f"create or replace temp table again as {distinct}").fetchall()
        condition = f"{key} in (select record_id from temp.again)"
        _replace(context, target, rows_of(context, name, source, condition), _IN_AGAIN)
        return
    if has_scratch(con, early_table(name)):
        early = f" and {key} not in (select record_id from temp.{early_table(name)})"
        listed, keys = listed + early, keys + early
    rows = Rows(name, source, listed)
    if not change.replaces and source.deleted is None:
        _replace(context, target, rows, "false")
        return
    # Keys whose row in force came with these batches, or says that they are no more. A key whose
    # newest row is an older one is as it was.
    con.execute(
        f"create or replace temp table again as select {key} as record_id"
        f" from bronze.{name}__current where {listed}"
        f" union {keys} and {deleted_sql(source)}"
        f" and {key} not in (select {key} from bronze.{name}__current)"
    ).fetchall()
    _replace(context, target, rows, _IN_AGAIN)


def _listed(change: Change) -> str:
    return f"_batch_id in ({', '.join(map(text_sql, change.new))})"


def _again(context: Context, target: Target, name: str, change: Change) -> str:
    """Return the query for records read before that are others now, though no batch brought them.

    Their parent or rate is another, they were held back and are due, or have an early version.
    """
    con, source = context.con, text_sql(name)
    found = [f"select record_id from temp.run_due where source = {source}"]
    if change.new and has_scratch(con, early_table(name)):
        key = record_id_sql(target.sources[name])
        found.append(
            f"select {key} as record_id from bronze.{name} where {_listed(change)}"
            f" and {key} in (select record_id from temp.{early_table(name)})"
        )
    if target.parent is not None:
        entity, key = target.parent
        found.append(
            f"select record_id from identity.member where source = {source} and to_run is null"
            f" and from_run > {scope_of(con).past_run:d}"
        )
        if has_scratch(con, f"run_changed_{entity}"):
            found.append(
                f"select record_id from {target.table} where source = {source} and {key} in"
                f" (select record_id from temp.run_changed_{entity})"
            )
    if target.is_converted and has_scratch(con, "run_changed_exchange_rates"):
        since = "(select min(event_time) from temp.run_changed_exchange_rates)"
        found += [
            f"select record_id from {target.table} where source = {source}"
            f" and upper(trim(currency)) <> 'USD' and event_time >= {since}",
            f"select record_id from {HELD} where source = {source} and flag = 'unknown_currency'",
        ]
    return " union ".join(found)


def _replace(context: Context, target: Target, rows: Rows, old: str) -> None:
    """Put conformed rows of a source in the place of those that the condition `old` names."""
    con = context.con
    of_source = f"source = {text_sql(rows.name)}"
    write(context, "create or replace temp table fresh as", target.select([rows]))
    con.execute(
        f"create or replace temp table stale as from {target.table} where {of_source} and {old}"
    ).fetchall()
    if has_rows(con, "temp.stale"):
        con.execute(f"delete from {target.table} where {of_source} and {old}").fetchall()
    con.execute(f"insert into {target.table} by name from temp.fresh").fetchall()
    touch(con, "select customer_id from temp.fresh union select customer_id from temp.stale")
    entity = target.table.partition(".")[2]
    if entity in REFERENCES and _differ(con):
        tell_remade(con, target.table)
    if entity in NAMED_BY_OTHERS:
        _tell_changed(con, entity, "select record_id, event_time from temp.fresh")
        _tell_changed(con, entity, "select record_id, event_time from temp.stale")
    if target.held is not None:
        named = {"entity": entity}
        con.execute(
            f"delete from {HELD} where entity = $entity and {of_source} and {old}", named
        ).fetchall()
        if may_be_held(context, target, rows):
            write(context, f"insert into {HELD}", target.held([rows]))


def _differ(con: duckdb.DuckDBPyConnection) -> bool:
    query = (
        "select 1 from ((from temp.fresh except all from temp.stale)"
        " union all (from temp.stale except all from temp.fresh)) limit 1"
    )
    return bool(con.execute(query).fetchall())


def _move(context: Context, target: Target, name: str) -> None:
    """Give the records of a source that belong to another customer now to that one."""
    con = context.con
    con.execute(
        "create or replace temp table moved as"
        " select kept.rowid as place, kept.record_id, kept.event_time,"
        " kept.customer_id as customer_old, member.customer_id as customer_new"
        f" from {target.table} as kept"
        " join identity.member as member using (source, record_id)"
        " where kept.source = $source and member.to_run is null and member.from_run > $past_run"
        " and kept.customer_id is distinct from member.customer_id",
        {"source": name, "past_run": scope_of(con).past_run},
    ).fetchall()
    if not has_rows(con, "temp.moved"):
        return
    con.execute(
        f"update {target.table} as kept set customer_id = moved.customer_new"
        " from temp.moved as moved where kept.rowid = moved.place"
    ).fetchall()
    touch(
        con,
        "select unnest([customer_old, customer_new]) as customer_id from temp.moved",
    )
    if (entity := target.table.partition(".")[2]) in NAMED_BY_OTHERS:
        _tell_changed(con, entity, "select record_id, event_time from temp.moved")


def _tell_changed(con: duckdb.DuckDBPyConnection, entity: str, query: str) -> None:
    table = f"run_changed_{entity}"
    if not has_scratch(con, table):
        create_tables(con, {f"temp.{table}": "record_id varchar, event_time timestamp"})
    con.execute(f"insert into temp.{table} {query}").fetchall()
