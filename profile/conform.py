"""Silver: the sources' rows as canonical entities, each with the customer it belongs to."""

from collections.abc import Callable, Mapping

import duckdb
import sqlglot
from sqlglot import exp

from c360.config import Settings, Source
from c360.entities import Entity, EntityName, entities
from c360.errors import C360Error
from c360.sources.mapping import cast_sql, event_time_sql, record_id_sql, selected_columns
from c360.step import Context
from c360.warehouse import build_table

_ATTRIBUTE_COLUMNS = {
    "customer_id": "VARCHAR",
    "attribute": "VARCHAR",
    "value": "VARCHAR",
    "source": "VARCHAR",
    "record_id": "VARCHAR",
    "event_time": "TIMESTAMP",
}


def build_entity(name: EntityName) -> Callable[[Context], None]:
    """Return the step that writes silver.<name>: the rows in force of every source that feeds it.

    Columns: source, record_id, customer_id (null where the source has no identifiers), event_time
    (UTC) and the canonical columns. Reads bronze.<source>__current and identity.member.

    Raises:
        C360Error: an expression of the configuration fails on a landed value.
    """

    def build(context: Context) -> None:
        sources = {n: s for n, s in context.settings.sources.items() if s.entity == name}
        _build(context, f"silver.{name}", entity_sql(entities()[name], sources), sources)

    return build


def build_customer_attribute(context: Context) -> None:
    """Write silver.customer_attribute: one row per record and attribute that it fills.

    Columns: customer_id, attribute, value (text, trimmed, never blank), source, record_id,
    event_time. Records without a customer have none. Grain: (source, record_id, attribute).
    """
    sources = attribute_sources(context.settings)
    _build(context, "silver.customer_attribute", customer_attribute_sql(sources), sources)


def attribute_sources(settings: Settings) -> dict[str, Source]:
    """Return the sources whose records carry attributes of a customer."""
    return {n: s for n, s in settings.sources.items() if s.attributes}


def entity_sql(entity: Entity, sources: Mapping[str, Source]) -> str:
    """Return the SELECT of a canonical entity, fed by these sources."""
    if not sources:
        types = {"source": "VARCHAR", "record_id": "VARCHAR", "customer_id": "VARCHAR"}
        columns = {c.name: c.type for c in entity.columns}
        return _sql([_no_rows(types | {"event_time": "TIMESTAMP"} | columns)])
    return _sql([_conformed(name, source) for name, source in sources.items()])


def customer_attribute_sql(sources: Mapping[str, Source]) -> str:
    """Return the SELECT of silver.customer_attribute over these sources."""
    if not sources:
        return _sql([_no_rows(_ATTRIBUTE_COLUMNS)])
    return _sql([_attributes(name, source) for name, source in sources.items()])


def _conformed(name: str, source: Source) -> exp.Select:
    canonical = [column.name for column, _ in selected_columns(source)]
    record = _rows(name, source, prefix="").select(
        *(
            _as(
                cast_sql(expression, column.type) if expression else _null(column.type), column.name
            )
            for column, expression in selected_columns(source)
        )
    )
    kept = [exp.column(c, "record") for c in ("event_time", *canonical)]
    key = [exp.column(c, "record") for c in ("source", "record_id")]
    if not source.identifiers and not source.attributes:
        nobody = _as(_null("VARCHAR"), "customer_id")
        return sqlglot.select(*key, nobody, *kept).from_(record.subquery("record"))
    return _with_member(
        sqlglot.select(*key, exp.column("customer_id", "member"), *kept).from_(
            record.subquery("record")
        ),
        name,
        kind="left",
        record_id="record.record_id",
    )


def _attributes(name: str, source: Source) -> exp.Select:
    # The prefix keeps the record's own columns apart from an attribute that is called `source`.
    record = _rows(name, source, prefix="_").select(
        *(
            _as(f"nullif(trim({cast_sql(expression, 'VARCHAR')}), '')", attribute, quoted=True)
            for attribute, expression in source.attributes.items()
        )
    )
    # UNPIVOT leaves nulls out, and reads the source once however many attributes it has.
    filled = record.subquery()
    filled.set("pivots", [_unpivot(source.attributes)])
    columns = ("attribute", "value", "_source", "_record_id", "_event_time")
    return _with_member(
        sqlglot.select(
            exp.column("customer_id", "member"),
            *(exp.column(c, "filled").as_(c.removeprefix("_")) for c in columns),
        ).from_(filled),
        name,
        kind="inner",
        record_id="filled._record_id",
    )


def _rows(name: str, source: Source, *, prefix: str) -> exp.Select:
    """Return a SELECT of the source's rows in force: source, record_id and event_time."""
    return sqlglot.select(
        exp.Literal.string(name).as_(f"{prefix}source"),
        _as(record_id_sql(source), f"{prefix}record_id"),
        _as(event_time_sql(source), f"{prefix}event_time"),
    ).from_(exp.table_(f"{name}__current", db="bronze"))


def _with_member(query: exp.Select, name: str, *, kind: str, record_id: str) -> exp.Select:
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


def _unpivot(attributes: Mapping[str, str]) -> exp.Pivot:
    names = [exp.column(exp.to_identifier(attribute, quoted=True)) for attribute in attributes]
    into = exp.In(this=exp.column("attribute"), expressions=names)
    return exp.Pivot(expressions=[exp.column("value")], fields=[into], unpivot=True, alias="filled")


def _no_rows(types: Mapping[str, str]) -> exp.Select:
    columns = (_as(_null(type_), name) for name, type_ in types.items())
    return sqlglot.select(*columns).where("false")


def _null(type_: str) -> str:
    return f"cast(null as {type_})"


def _as(sql: str, name: str, *, quoted: bool = False) -> exp.Expr:
    parsed = sqlglot.parse_one(sql, dialect="duckdb")
    return exp.alias_(parsed, exp.to_identifier(name, quoted=quoted))


def _sql(queries: list[exp.Select]) -> str:
    whole = queries[0] if len(queries) == 1 else exp.union(*queries, distinct=False)
    return whole.sql(dialect="duckdb", pretty=True)


def _build(context: Context, table: str, select: str, sources: Mapping[str, Source]) -> None:
    try:
        build_table(context.con, table, select, {})
    except duckdb.ConversionException as error:
        reason = str(error).splitlines()[0]
        msg = (
            f"{table} cannot be built: {reason}; mend the feed or the mapping (`select`, `key`,"
            f" `event_time`) of {' or '.join(sources)} in c360.yaml"
        )
        raise C360Error(msg) from error
