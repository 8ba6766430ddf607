"""Drift: the columns of a feed against those that its source landed before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import duckdb

from c360.outcome import Outcome
from c360.promises import OnDrift
from c360.source import Source
from c360.sources.contract import needed_columns
from c360.step import Context

_TABLE = """
create table if not exists ops.schema_change (
  run integer not null,
  source varchar not null,
  column_name varchar not null,
  change varchar not null,
  before varchar,
  after varchar,
  handling varchar not null
)
"""
_WORDS = {"added": "is new", "gone": "is gone", "retyped": "has another type"}

Columns = Mapping[str, str]
"""The columns of a feed by name, each with its DuckDB type."""


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """What is another with a column. `before` and `after` are its types; None: it is not there."""

    column: str
    change: Literal["added", "gone", "retyped"]
    before: str | None
    after: str | None

    def __str__(self) -> str:
        """Say it in words."""
        types = " -> ".join(type_ for type_ in (self.before, self.after) if type_ is not None)
        return f"column {self.column} {_WORDS[self.change]} ({types})"


@dataclass(frozen=True, slots=True)
class Known:
    """What a source has landed: every column in force, and those of its last landing alone."""

    columns: Columns
    last: frozenset[str]

    def unknown(self, source: Source, columns: Iterable[str]) -> tuple[str, ...]:
        """Return the columns that neither the landed batches nor the configuration name.

        None where nothing has landed: the first feed says what the source is.
        """
        if not self.columns:
            return ()
        named = {column.lower() for column in (*self.columns, *needed_columns(source))}
        return tuple(column for column in columns if column.lower() not in named)


def known_columns(con: duckdb.DuckDBPyConnection, source: str) -> Known:
    """Return what a source has landed, by ops.load."""
    loads = con.execute(
        "select columns, types, run = max(run) over () from ops.load"
        " where source = $source and retired_in_run is null order by run, file, batch_id",
        {"source": source},
    ).fetchall()
    known: dict[str, tuple[str, str]] = {}
    last: set[str] = set()
    for columns, types, is_last in loads:
        for column, type_ in zip(columns, types, strict=True):
            spelled, _ = known.get(column.lower(), (column, type_))
            known[column.lower()] = (spelled, type_)
        if is_last:
            last.update(column.lower() for column in columns)
    return Known(dict(known.values()), frozenset(last))


def find_drift(known: Known, feeds: Sequence[Columns], *, is_sparse: bool) -> list[SchemaChange]:
    """Compare the columns of new feeds, all together, with those known; case does not matter.

    A column is gone that the last landing had. `is_sparse`: rows leave out what is null (JSON), so
    that none ever is.
    """
    if not known.columns or not any(feeds):
        return []
    before = {column.lower(): (column, type_) for column, type_ in known.columns.items()}
    found: dict[str, SchemaChange] = {}
    for feed in feeds:
        for column, type_ in feed.items():
            name, old = before.get(column.lower(), (column, None))
            if old is None:
                found[column.lower()] = SchemaChange(column, "added", None, type_)
            elif old != type_:
                found[column.lower()] = SchemaChange(name, "retyped", old, type_)
    here = {column.lower() for feed in feeds for column in feed}
    gone = [] if is_sparse else sorted(known.last - here)
    changes = [SchemaChange(before[each][0], "gone", before[each][1], None) for each in gone]
    return [*found.values(), *changes]


def create_change_table(con: duckdb.DuckDBPyConnection) -> None:
    """Make ops.schema_change where it does not exist: what landing has found, run by run."""
    con.execute(_TABLE).fetchall()


def record_drift(
    con: duckdb.DuckDBPyConnection,
    run: int,
    source: str,
    changes: Sequence[SchemaChange],
    handling: OnDrift,
) -> None:
    """Add what a landing has found to ops.schema_change."""
    for change in changes:
        con.execute(
            "insert into ops.schema_change"
            " values ($run, $source, $column, $change, $before, $after, $handling)",
            {
                "run": run,
                "source": source,
                "column": change.column,
                "change": change.change,
                "before": change.before,
                "after": change.after,
                "handling": handling,
            },
        ).fetchall()


def tell_drift(context: Context) -> Outcome | None:
    """Say what this run has found; None: the columns are as they were."""
    names = ("source", "column", "change", "before", "after", "handling")
    rows = context.con.execute(
        "select source, column_name, change, before, after, handling from ops.schema_change"
        " where run = $run order by source, column_name",
        {"run": context.run},
    ).fetchall()
    if not rows:
        return None
    lines = []
    for source, column, change, before, after, handling in rows:
        rejects = handling == "reject_row" and change == "added"
        end = "; rows with a value in it are rejected" if rejects else ""
        lines.append(f"{source}: {SchemaChange(column, change, before, after)}{end}")
    figures = [dict(zip(names, row, strict=True)) for row in rows]
    return Outcome("\n".join(lines), {"schema_changes": figures})


def frozen_problems(name: str, changes: Sequence[SchemaChange]) -> list[str]:
    """Say why a feed with these changes cannot land where the columns of its source are frozen."""
    return [
        f"sources.{name}: {change}, and its columns are frozen; mend the feed, or set"
        f" sources.{name}.on_drift: evolve in c360.yaml to take it"
        for change in changes
    ]
