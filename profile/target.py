"""A table of silver that several sources feed, and the SELECTs that write it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from c360.profile.changes import has_future_rows
from c360.profile.records import Rows, early_table
from c360.source import Source
from c360.sources.mapping import event_time_sql, record_id_sql
from c360.step import Context
from c360.warehouse import has_scratch


@dataclass(frozen=True, slots=True)
class Target:
    """A table that several sources feed, and the SELECT over rows of them."""

    table: str
    sources: Mapping[str, Source]
    select: Callable[[list[Rows]], str]
    held: Callable[[list[Rows]], str] | None = None
    parent: tuple[str, str] | None = None
    """Entity from which rows without identifiers have a customer, and the column that names it."""
    is_converted: bool = False


def rows_of(context: Context, name: str, source: Source, condition: str = "true") -> Rows:
    """Return the rows of a source as of the build: replayed where versions are of after it."""
    return Rows(name, source, condition, is_replayed=has_scratch(context.con, early_table(name)))


def find_early(context: Context, name: str, source: Source) -> None:
    """Write temp.run_early_<source> where keys have a version of after the build that hides one."""
    is_versioned = source.update == "upsert" and source.event_time is not None
    if is_versioned and not source.collapse and has_future_rows(context.con, name, context.as_of):
        context.con.execute(
            f"create or replace temp table {early_table(name)} as"
            f" select distinct {record_id_sql(source)} as record_id from bronze.{name}"
            f" where {event_time_sql(source)} > $as_of",
            {"as_of": context.as_of},
        ).fetchall()


def may_be_held(context: Context, target: Target, rows: Rows) -> bool:
    """Say whether some of the rows may be kept out of silver, so that they are worth looking at."""
    source = rows.source
    is_dated = source.event_time is not None
    is_early = is_dated and (
        bool(source.collapse) or has_future_rows(context.con, rows.name, context.as_of)
    )
    return is_early or target.is_converted


def write(context: Context, begin: str, select: str) -> None:
    """Run a statement that ends in a SELECT over records."""
    named = {"as_of": context.as_of} if "$as_of" in select else {}
    context.con.execute(f"{begin}\n{select}", named).fetchall()
