"""The SQL of a source's mapping: what its columns mean, as expressions over its rows."""

from collections.abc import Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from c360.config import Settings
from c360.entities import Column, entities
from c360.source import Source

INSTANT = "TIMESTAMP"
"""Every time is kept as a TIMESTAMP in UTC; what names an offset is brought there."""


_CONSTANTS = ("true", "false", "null")


def is_column(expression: str) -> bool:
    """Say whether an expression is a column's bare name."""
    return expression.isidentifier() and expression.lower() not in _CONSTANTS


def expression_sql(expression: str) -> str:
    """Return an expression of the configuration as DuckDB SQL.

    A column's name is quoted, so that `group` or `order` may be one. Raises sqlglot's ParseError.

    >>> expression_sql("order")
    '"order"'
    >>> expression_sql("status = 'granted'")
    "status = 'granted'"
    """
    if is_column(expression):
        return f'"{expression}"'
    return sqlglot.parse_one(expression, dialect="duckdb").sql(dialect="duckdb")


def columns_of(expression: str) -> set[str]:
    """Return the names of the source's columns that an expression reads."""
    if is_column(expression):
        return {expression}
    tree = sqlglot.parse_one(expression, dialect="duckdb")
    bound = {
        variable.name for function in tree.find_all(exp.Lambda) for variable in function.expressions
    }
    # The first part of `address.city` is the column, the rest are fields in it.
    return {column.parts[0].name for column in tree.find_all(exp.Column)} - bound


def casts_in(expression: str) -> list[str]:
    """Return the casts inside an expression that read a row and not an aggregate.

    >>> casts_in("sum(cast(amount as decimal(18, 2)))")
    ['CAST(amount AS DECIMAL(18, 2))']
    """
    if is_column(expression):
        return []
    casts = sqlglot.parse_one(expression, dialect="duckdb").find_all(exp.Cast)
    return [cast.sql(dialect="duckdb") for cast in casts if not cast.find(exp.AggFunc)]


def extremes_in(expression: str) -> list[str]:
    """Return what an expression takes the least or the greatest of.

    >>> extremes_in("min(sold_at)")
    ['sold_at']
    """
    if not expression or is_column(expression):
        return []
    found = sqlglot.parse_one(expression, dialect="duckdb").find_all(exp.Min, exp.Max)
    return [extreme.this.sql(dialect="duckdb") for extreme in found]


def cast_sql(expression: str, type_: str) -> str:
    """Return the expression cast to a canonical type; text with an offset becomes UTC.

    Landing refuses a row whose value is not of the type, so what the cast makes null is blank.

    >>> cast_sql("contact_id", "VARCHAR")
    'cast("contact_id" as VARCHAR)'
    >>> cast_sql("points", "INTEGER")
    'try_cast("points" as INTEGER)'
    """
    return _cast("cast" if type_ == "VARCHAR" else "try_cast", expression, type_)


def try_cast_sql(expression: str, type_: str) -> str:
    """Return the cast that gives null where the value is not of the type."""
    return _cast("try_cast", expression, type_)


def _cast(cast: str, expression: str, type_: str) -> str:
    value = expression_sql(expression)
    if type_ == INSTANT:
        # A plain cast of text to TIMESTAMP would drop the offset instead of applying it.
        return f"cast({cast}({value} as TIMESTAMPTZ) as TIMESTAMP)"
    return f"{cast}({value} as {type_})"


def record_id_sql(source: Source) -> str:
    """Return the source's key as text."""
    return cast_sql(source.key, "VARCHAR")


def event_time_sql(source: Source) -> str:
    """Return the source's event time, UTC; a feed that knows no time says when it was landed."""
    return '"_ingested_at"' if source.event_time is None else cast_sql(source.event_time, INSTANT)


def deleted_sql(source: Source) -> str:
    """Return the condition for rows that say their key is no more."""
    if source.deleted is None:
        return "false"
    return f"coalesce({try_cast_sql(source.deleted, 'BOOLEAN')}, false)"


def selected_columns(source: Source) -> list[tuple[Column, str | None]]:
    """Return every canonical column of the source's entity with the expression that fills it."""
    return [(c, source.select.get(c.name)) for c in entities()[source.entity].columns]


def expressions(source: Source) -> Iterator[tuple[str, str]]:
    """Yield (configuration key, expression) for every expression over the source's columns."""
    yield "key", source.key
    if source.event_time is not None:
        yield "event_time", source.event_time
    if source.deleted is not None:
        yield "deleted", source.deleted
    for namespace, carried in source.identifiers.items():
        for expression in (carried,) if isinstance(carried, str) else carried:
            yield f"identifiers.{namespace}", expression
    for part in ("attributes", "select", "collapse"):
        for name, expression in getattr(source, part).items():
            yield f"{part}.{name}", expression


def expression_problems(settings: Settings) -> list[str]:
    """Name every expression of the configuration that is not SQL."""
    problems = []
    for name, source in settings.sources.items():
        for key, expression in expressions(source):
            try:
                expression_sql(expression)
            except SqlglotError as error:
                reason = str(error).splitlines()[0]
                problems.append(f"sources.{name}.{key}: {expression!r} is not SQL: {reason}")
    return problems
