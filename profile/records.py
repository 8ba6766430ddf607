"""What the SELECTs of silver are put together from: the records of a source and their customers."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from c360.source import Source
from c360.sources.mapping import deleted_sql, event_time_sql, record_id_sql


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a source that are conformed; `condition` is over the source's own rows.

    `is_replayed`: of keys with a version of after the build (temp.run_early_<source>) the latest
    version up to `$as_of` counts, instead of the one in force now.
    """

    name: str
    source: Source
    condition: str = "true"
    is_replayed: bool = False

    @property
    def relation(self) -> str:
        """The rows as something to select from."""
        current = f"bronze.{self.name}__current"
        if self.is_replayed:
            current = f"({self._not_early} union all {self._replayed})"
        if self.condition == "true":
            return current
        return f"(select * from {current} where {self.condition})"

    @property
    def _not_early(self) -> str:
        return (
            f"select * from bronze.{self.name}__current where {record_id_sql(self.source)}"
            f" not in (select record_id from temp.{early_table(self.name)})"
        )

    @property
    def _replayed(self) -> str:
        # As sources/sql/replaced_row.sql ranks versions, which knows no clock.
        key, event_time = record_id_sql(self.source), event_time_sql(self.source)
        return (
            f"select * from (select * from bronze.{self.name} where {event_time} <= $as_of"
            f" and {key} in (select record_id from temp.{early_table(self.name)})"
            f" qualify row_number() over (partition by {key} order by {event_time} desc,"
            f" _ingested_at desc, _row_hash desc, _batch_id desc, _row_number desc) = 1)"
            f" where not {deleted_sql(self.source)}"
        )


def early_table(source: str) -> str:
    """Return the temporary table of the keys that have a version of after the build."""
    return f"run_early_{source}"


def with_early(rows: Rows) -> list[Rows]:
    """Return the rows of which some are held back: a replay by itself leaves out what is early."""
    if not rows.is_replayed:
        return [rows]
    early = f"{event_time_sql(rows.source)} > $as_of and {rows.condition}"
    return [rows, Rows(rows.name, rows.source, early)]


def all_rows(sources: Mapping[str, Source]) -> list[Rows]:
    """Return the rows in force of every source."""
    return [Rows(name, source) for name, source in sources.items()]


def records(rows: Rows, *, prefix: str) -> exp.Select:
    """Return a SELECT of the source's rows: source, record_id and event_time."""
    return sqlglot.select(
        exp.Literal.string(rows.name).as_(f"{prefix}source"),
        named(record_id_sql(rows.source), f"{prefix}record_id"),
        named(event_time_sql(rows.source), f"{prefix}event_time"),
    ).from_(rows.relation, dialect="duckdb")


def with_member(query: exp.Select, name: str, *, kind: str, record_id: str) -> exp.Select:
    """Join the customer of a record; the literal spares the members of other sources."""
    return query.join(
        exp.table_("member", db="identity", alias="member"),
        on=[
            exp.column("source", "member").eq(exp.Literal.string(name)),
            f"member.record_id = {record_id}",
            "member.to_run is null",
        ],
        join_type=kind,
        dialect="duckdb",
    )


def no_rows(types: Mapping[str, str]) -> str:
    """Return the SQL of no rows with columns of these types."""
    columns = (f"{null_of(type_)} as {name}" for name, type_ in types.items())
    return f"select {', '.join(columns)} where false"


def null_of(type_: str) -> str:
    """Return SQL for nothing of a type."""
    return f"cast(null as {type_})"


def named(sql: str, name: str, *, quoted: bool = False) -> exp.Expr:
    """Return an expression under a name."""
    parsed = sqlglot.parse_one(sql, dialect="duckdb")
    return exp.alias_(parsed, exp.to_identifier(name, quoted=quoted), copy=False)


def united(queries: list[exp.Select]) -> str:
    """Return the SQL of all rows of the SELECTs."""
    whole = queries[0] if len(queries) == 1 else exp.union(*queries, distinct=False)
    return whole.sql(dialect="duckdb", pretty=True)
