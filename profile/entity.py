"""Silver: the canonical entities, and what their records say of a customer."""

from collections.abc import Callable

import duckdb

from c360.entities import EntityName, entities
from c360.errors import C360Error
from c360.profile.attributes import attribute_sources, customer_attribute_sql
from c360.profile.changes import HELD
from c360.profile.conform import entity_sql, held_sql, parent_sources
from c360.profile.scope import scope_of, tell_made
from c360.profile.target import Target, find_early, may_be_held, rows_of, write
from c360.profile.upkeep import update
from c360.step import Context
from c360.warehouse import build_table, has_table


def build_entity(name: EntityName) -> Callable[[Context], None]:
    """Return the step that writes silver.<name>: the rows in force of every source that feeds it.

    Columns: source, record_id, customer_id (null where the source has no identifiers and no parent
    has), event_time (UTC) and the canonical columns. Rows of after `as_of`, and amounts in a
    currency without a rate, are kept out and stand in silver.held_row.

    Raises:
        C360Error: an expression of the configuration fails on a landed value.
    """

    def build(context: Context) -> None:
        entity = entities()[name]
        many = len(parent_sources(context.settings, entity)) > 1
        _build(
            context,
            Target(
                f"silver.{name}",
                {n: s for n, s in context.settings.sources.items() if s.entity == name},
                lambda rows: entity_sql(entity, rows, has_many_parents=many),
                lambda rows: held_sql(entity, rows, has_many_parents=many),
                (entity.parent.entity, entity.parent.key) if entity.parent else None,
                is_converted="usd_rate" in {column.name for column in entity.columns},
            ),
        )

    return build


def build_customer_attribute(context: Context) -> None:
    """Write silver.customer_attribute: one row per record and attribute that it fills.

    Columns: customer_id, attribute, value (text, trimmed, never blank), source, record_id,
    event_time. Records without a customer have none. Grain: (source, record_id, attribute).
    """
    sources = attribute_sources(context.settings)
    _build(context, Target("silver.customer_attribute", sources, customer_attribute_sql))


def _build(context: Context, target: Target) -> None:
    con = context.con
    for name, source in target.sources.items():
        find_early(context, name, source)
    try:
        if scope_of(con).is_full or not has_table(con, target.table):
            _build_whole(context, target)
            tell_made(context, target.table, "whole")
        else:
            for name in target.sources:
                update(context, target, name)
            tell_made(context, target.table, "new rows")
    except duckdb.ConversionException as error:
        reason = str(error).splitlines()[0]
        msg = (
            f"{target.table} cannot be built: {reason}; mend the feed or the mapping (`select`,"
            f" `key`, `event_time`) of {' or '.join(target.sources)} in c360.yaml"
        )
        raise C360Error(msg) from error


def _build_whole(context: Context, target: Target) -> None:
    con = context.con
    rows = [rows_of(context, name, source) for name, source in target.sources.items()]
    write(context, f"create or replace table {target.table} as", target.select(rows))
    if target.held is None:
        return
    if not has_table(con, HELD):
        build_table(con, HELD, target.held([]), {})
    entity = target.table.partition(".")[2]
    con.execute(f"delete from {HELD} where entity = $entity", {"entity": entity}).fetchall()
    held = [each for each in rows if may_be_held(context, target, each)]
    write(context, f"insert into {HELD}", target.held(held))
