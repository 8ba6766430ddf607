"""What came to each source since the last build."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from c360.sources.mapping import event_time_sql, record_id_sql
from c360.sources.quoting import name_sql, text_sql
from c360.step import Context
from c360.warehouse import create_tables, has_table

HELD = "silver.held_row"
"""Rows that are kept out of silver, and why."""


@dataclass(frozen=True, slots=True)
class Change:
    """What came to a source since the last build.

    `new` batches; `is_whole`: all its rows are to be read again; `replaces`: rows of batches that
    were read are no longer in force.
    """

    new: tuple[str, ...]
    is_whole: bool
    replaces: bool


def find_changes(context: Context) -> None:
    """Write temp.run_change, and bring ops.read_batch up to date."""
    con = context.con
    con.execute("create or replace temp table past_batch as from ops.read_batch").fetchall()
    con.execute(
        "create or replace temp table batch_now as"
        " select load.source, load.batch_id, coalesce(gone.superseded, 0) as superseded"
        " from ops.load as load left join ("
        " select source, _batch_id as batch_id, count(*) as superseded"
        " from bronze.superseded_row group by source, _batch_id"
        ") as gone using (source, batch_id) where load.retired_in_run is null"
    ).fetchall()
    newest = [
        f"select {text_sql(name)} as source, _batch_id as batch_id,"
        f" max({event_time_sql(source)}) as newest from bronze.{name_sql(name)}"
        f" where _batch_id in (select batch_id from temp.batch_now where source = {text_sql(name)}"
        " except select batch_id from ops.read_batch) group by _batch_id"
        for name, source in context.settings.sources.items()
        if source.event_time is not None and not source.collapse
    ]
    unknown = "select null::varchar as source, null::varchar as batch_id, null::timestamp as newest"
    con.execute(
        f"create or replace temp table new_batch as {' union all '.join([unknown, *newest])}"
    ).fetchall()
    con.execute(
        "create or replace table ops.read_batch as"
        " select now.source, now.batch_id, now.superseded,"
        " coalesce(new.newest, past.newest) as newest from temp.batch_now as now"
        " left join temp.past_batch as past using (source, batch_id)"
        " left join temp.new_batch as new using (source, batch_id)"
    ).fetchall()
    con.execute(
        "create or replace temp table run_change as select source,"
        " coalesce(list_sort(list(batch_id) filter (where past.batch_id is null)), []) as new,"
        " count(*) filter (where now.batch_id is null) > 0 as is_whole,"
        " count(*) filter (where now.superseded <> past.superseded) > 0 as replaces"
        " from ops.read_batch as now full join temp.past_batch as past using (source, batch_id)"
        " group by source"
    ).fetchall()


def find_due(context: Context, past_as_of: datetime | None) -> None:
    """Write temp.run_due: records with a version that was early at the last build, and is due."""
    con = context.con
    create_tables(con, {"temp.run_due": "source varchar, record_id varchar"})
    if past_as_of is None or past_as_of >= context.as_of:
        return
    span = {"past_as_of": past_as_of, "as_of": context.as_of}
    if has_table(con, HELD):
        con.execute(
            f"insert into temp.run_due select source, record_id from {HELD}"
            " where flag = 'future' and event_time > $past_as_of and event_time <= $as_of",
            span,
        ).fetchall()
    for name, source in context.settings.sources.items():
        # A deletion that was to come is in no table: the versions themselves tell.
        if source.deleted is not None and has_future_rows(con, name, past_as_of):
            con.execute(
                f"insert into temp.run_due select {text_sql(name)}, {record_id_sql(source)}"
                f" from bronze.{name} where {event_time_sql(source)} > $past_as_of"
                f" and {event_time_sql(source)} <= $as_of",
                span,
            ).fetchall()


def change_of(con: duckdb.DuckDBPyConnection, source: str) -> Change:
    """Return what came to a source since the last build."""
    found = con.execute(
        "select new, is_whole, replaces from temp.run_change where source = $source",
        {"source": source},
    ).fetchall()
    return Change(tuple(found[0][0]), *found[0][1:]) if found else Change((), False, False)


def has_future_rows(con: duckdb.DuckDBPyConnection, source: str, as_of: datetime) -> bool:
    """Say whether a source has rows of after `as_of`."""
    if not has_table(con, "ops.read_batch"):
        return False
    query = "select max(newest) > $as_of from ops.read_batch where source = $source"
    return bool(con.execute(query, {"as_of": as_of, "source": source}).fetchall()[0][0])
