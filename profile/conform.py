"""The SQL by which the sources' rows become canonical entities, each with its customer."""

import sqlglot
from sqlglot import exp

from c360.config import Settings
from c360.entities import Column, Entity, entities
from c360.profile.money import RATES, in_dollars, is_convertible, rate_of
from c360.profile.records import (
    Rows,
    named,
    no_rows,
    null_of,
    records,
    united,
    with_early,
    with_member,
)
from c360.source import Source
from c360.sources.mapping import cast_sql, selected_columns

_HELD_COLUMNS = {
    "entity": "VARCHAR",
    "source": "VARCHAR",
    "record_id": "VARCHAR",
    "event_time": "TIMESTAMP",
    "flag": "VARCHAR",
    "treatment": "VARCHAR",
}
EMAIL = r"[^\s@]+@[^\s@]+\.[^\s@]+"
PHONE = r"\+?[0-9][0-9 ().-]{6,}[0-9]"


def entity_sql(entity: Entity, rows: list[Rows], *, has_many_parents: bool = False) -> str:
    """Return the SELECT of a canonical entity, fed by these rows.

    `has_many_parents`: several sources feed the entity that the customers come from.
    """
    if not rows:
        types = {"source": "VARCHAR", "record_id": "VARCHAR", "customer_id": "VARCHAR"}
        columns = {c.name: c.type for c in entity.columns}
        return no_rows(types | {"event_time": "TIMESTAMP"} | columns)
    return united([_conformed(entity, each, has_many_parents=has_many_parents) for each in rows])


def held_sql(entity: Entity, rows: list[Rows], *, has_many_parents: bool = False) -> str:
    """Return the SELECT of the rows that are kept out of a canonical entity, and why."""
    if not rows:
        return no_rows(_HELD_COLUMNS)
    told = [each for row in rows for each in with_early(row)]
    return united([_held(entity, each, has_many_parents=has_many_parents) for each in told])


def _conformed(entity: Entity, rows: Rows, *, has_many_parents: bool) -> exp.Select:
    source = rows.source
    customer = _customer(entity, source)
    fields = [
        named(in_dollars(entity, source, column), column.name)
        if in_dollars(entity, source, column) != f"record.{column.name}"
        else exp.column(column.name, "record")
        for column in entity.columns
    ]
    kept = sqlglot.select(
        exp.column("source", "record"),
        exp.column("record_id", "record"),
        named(customer, "customer_id"),
        exp.column("event_time", "record"),
        *fields,
    )
    conditions = [] if source.event_time is None else ["record.event_time <= $as_of"]
    if (convertible := is_convertible(entity, source)) != "true":
        conditions.append(convertible)
    query = _joined(kept, entity, rows, customer, has_many_parents=has_many_parents)
    return query.where(*conditions, dialect="duckdb") if conditions else query


def _customer(entity: Entity, source: Source) -> str:
    """Return SQL for the customer of a row: that of what it is a part of, else its own."""
    own = "member.customer_id" if source.identifiers or source.attributes else ""
    whole = "parent.customer_id" if entity.parent is not None else ""
    if own and whole:
        return f"coalesce({whole}, {own})"
    return own or whole or null_of("VARCHAR")


def _held(entity: Entity, rows: Rows, *, has_many_parents: bool) -> exp.Select:
    unconvertible = f"not ({is_convertible(entity, rows.source)})"
    is_early = "false" if rows.source.event_time is None else "record.event_time > $as_of"
    query = sqlglot.select(
        exp.Literal.string(entity.name).as_("entity"),
        *(exp.column(c, "record") for c in ("source", "record_id", "event_time")),
        named(f"case when {is_early} then 'future' else 'unknown_currency' end", "flag"),
        named(f"case when {is_early} then 'held back' else 'quarantined' end", "treatment"),
    )
    query = _joined(query, entity, rows, "", has_many_parents=has_many_parents)
    return query.where(f"{is_early} or {unconvertible}", dialect="duckdb")


def _joined(
    query: exp.Select, entity: Entity, rows: Rows, customer: str, *, has_many_parents: bool
) -> exp.Select:
    """Select from a source's rows, and join what their customer and their rate come from."""
    record = records(rows, prefix="").select(
        *(
            named(_selected(column, sql), column.name)
            for column, sql in selected_columns(rows.source)
        )
    )
    query = query.from_(record.subquery("record"))
    if "member" in customer:
        query = with_member(query, rows.name, kind="left", record_id="record.record_id")
    rate = rate_of(entity, rows.source)
    if entity.parent is not None and ("parent" in customer or "parent" in rate):
        parent = f"silver.{entity.parent.entity}"
        if has_many_parents:
            parent = (
                f"(select * from {parent}"
                " qualify row_number() over (partition by record_id order by source) = 1)"
            )
        query = query.join(
            f"{parent} as parent",
            on=f"parent.record_id = record.{entity.parent.key}",
            join_type="left",
            dialect="duckdb",
        )
    if "rate." in rate:
        query = query.join(RATES, on=None, join_type="left", dialect="duckdb")
    return query


def _selected(column: Column, expression: str | None) -> str:
    if expression is None:
        return null_of(column.type)
    value = cast_sql(expression, column.type)
    return masked_sql(value) if column.kind == "free_text" else value


def masked_sql(text: str) -> str:
    """Return SQL that puts [email] and [phone] for contact data in a text."""
    return (
        f"case when regexp_matches({text}, '[0-9@]') then regexp_replace(regexp_replace({text},"
        f" '{EMAIL}', '[email]', 'g'), '{PHONE}', '[phone]', 'g') else {text} end"
    )


def parent_sources(settings: Settings, entity: Entity) -> list[str]:
    """Return the sources that feed the entity from which an entity's customers come."""
    if entity.parent is None:
        return []
    parent = entities()[entity.parent.entity]
    return [n for n, s in settings.sources.items() if s.entity == parent.name]
