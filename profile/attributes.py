"""What the sources' records say of a customer: attribute by attribute."""

from collections.abc import Mapping

import sqlglot
from sqlglot import exp

from c360.config import Settings
from c360.profile.records import Rows, named, no_rows, records, united, with_member
from c360.source import Source
from c360.sources.mapping import cast_sql

_ATTRIBUTE_COLUMNS = {
    "customer_id": "VARCHAR",
    "attribute": "VARCHAR",
    "value": "VARCHAR",
    "source": "VARCHAR",
    "record_id": "VARCHAR",
    "event_time": "TIMESTAMP",
}


def attribute_sources(settings: Settings) -> dict[str, Source]:
    """Return the sources whose records carry attributes of a customer."""
    return {n: s for n, s in settings.sources.items() if s.attributes}


def customer_attribute_sql(rows: list[Rows]) -> str:
    """Return the SELECT of silver.customer_attribute over these rows."""
    if not rows:
        return no_rows(_ATTRIBUTE_COLUMNS)
    return united([_attributes(each) for each in rows])


def _attributes(rows: Rows) -> exp.Select:
    # The prefix keeps the record's own columns apart from an attribute that is called `source`.
    attributes = rows.source.attributes
    record = records(rows, prefix="_").select(
        *(
            named(f"nullif(trim({cast_sql(expression, 'VARCHAR')}), '')", attribute, quoted=True)
            for attribute, expression in attributes.items()
        )
    )
    # UNPIVOT leaves nulls out, and reads the source once however many attributes it has.
    filled = record.subquery()
    filled.set("pivots", [_unpivot(attributes)])
    columns = ("attribute", "value", "_source", "_record_id", "_event_time")
    query = with_member(
        sqlglot.select(
            exp.column("customer_id", "member"),
            *(exp.column(c, "filled").as_(c.removeprefix("_")) for c in columns),
        ).from_(filled),
        rows.name,
        kind="inner",
        record_id="filled._record_id",
    )
    if rows.source.event_time is None:
        return query
    return query.where("filled._event_time <= $as_of", dialect="duckdb")


def _unpivot(attributes: Mapping[str, str]) -> exp.Pivot:
    names = [exp.column(exp.to_identifier(attribute, quoted=True)) for attribute in attributes]
    into = exp.In(this=exp.column("attribute"), expressions=names)
    return exp.Pivot(expressions=[exp.column("value")], fields=[into], unpivot=True, alias="filled")
