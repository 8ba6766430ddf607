from dataclasses import replace
from datetime import datetime

import pytest
from profile_tables import empty_context, given, rows, settings_with, text

from c360.entities import entities
from c360.errors import C360Error
from c360.profile.attributes import customer_attribute_sql
from c360.profile.conform import entity_sql
from c360.profile.entity import build_customer_attribute, build_entity
from c360.profile.records import all_rows
from c360.step import Context

ENTITY_SQL = """\
SELECT
  record.source,
  record.record_id,
  member.customer_id AS customer_id,
  record.event_time,
  record.name,
  record.city,
  record.country
FROM (
  SELECT
    'pos' AS source,
    CAST("id" AS TEXT) AS record_id,
    CAST(TRY_CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) AS event_time,
    CAST("group" AS TEXT) AS name,
    CAST(UPPER(town) AS TEXT) AS city,
    CAST(NULL AS TEXT) AS country
  FROM bronze.pos__current
) AS record
LEFT JOIN identity.member AS member
  ON member.source = 'pos'
  AND member.record_id = record.record_id
  AND member.to_run IS NULL
WHERE
  record.event_time <= $as_of
UNION ALL
SELECT
  record.source,
  record.record_id,
  CAST(NULL AS TEXT) AS customer_id,
  record.event_time,
  record.name,
  record.city,
  record.country
FROM (
  SELECT
    'list' AS source,
    CAST("id" AS TEXT) AS record_id,
    CAST(TRY_CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) AS event_time,
    CAST(NULL AS TEXT) AS name,
    CAST(NULL AS TEXT) AS city,
    CAST(NULL AS TEXT) AS country
  FROM bronze.list__current
) AS record
WHERE
  record.event_time <= $as_of"""

ATTRIBUTE_SQL = """\
SELECT
  member.customer_id,
  filled.attribute AS attribute,
  filled.value AS value,
  filled._source AS source,
  filled._record_id AS record_id,
  filled._event_time AS event_time
FROM (
  SELECT
    'crm' AS _source,
    CAST("id" AS TEXT) AS _record_id,
    CAST(TRY_CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) AS _event_time,
    NULLIF(TRIM(CAST("town" AS TEXT)), '') AS "city",
    NULLIF(TRIM(CAST("origin" AS TEXT)), '') AS "source"
  FROM bronze.crm__current
)
UNPIVOT(value FOR attribute IN ("city", "source")) AS filled
INNER JOIN identity.member AS member
  ON member.source = 'crm'
  AND member.record_id = filled._record_id
  AND member.to_run IS NULL
WHERE
  filled._event_time <= $as_of"""


def fed_by(source: dict[str, object]) -> Context:
    """Return a context with one source, `feed`."""
    context = empty_context()
    return replace(context, settings=settings_with({"feed": source}))


def landed(source: dict[str, object], feed: str) -> Context:
    """Return a context with one source, `feed`, whose rows in force are given."""
    context = fed_by(source)
    head = feed.split("\n")[1].split()
    columns = ", ".join(f'"{name}" varchar' for name in head)
    context.con.execute(f"create table bronze.feed__current ({columns})").fetchall()
    quoted = feed.replace(feed.split("\n")[1], " ".join(f'"{name}"' for name in head), 1)
    given(context, "bronze.feed__current", quoted)
    return context


def test_the_sql_of_an_entity_is_a_union_of_its_sources():
    settings = settings_with(
        {
            "pos": {
                "entity": "stores",
                "identifiers": {"card": "card"},
                "select": {"name": "group", "city": "upper(town)"},
            },
            "list": {"entity": "stores"},
        }
    )

    assert entity_sql(entities()["stores"], all_rows(settings.sources)) == ENTITY_SQL


def test_the_sql_of_attributes_reads_each_source_once():
    settings = settings_with(
        {
            "crm": {
                "entity": "customers",
                "identifiers": {"card": "card"},
                "attributes": {"city": "town", "source": "origin"},
            }
        }
    )

    assert customer_attribute_sql(all_rows(settings.sources)) == ATTRIBUTE_SQL


@pytest.mark.parametrize("name", entities())
def test_an_entity_that_nobody_feeds_is_an_empty_table_of_its_columns_and_types(name):
    context = fed_by({"entity": "products" if name == "stores" else "stores"})
    context.con.execute(f"drop table silver.{name}").fetchall()

    build_entity(name)(context)

    described = rows(context, f"select column_name, column_type from (describe silver.{name})")
    assert described == [
        ("source", "VARCHAR"),
        ("record_id", "VARCHAR"),
        ("customer_id", "VARCHAR"),
        ("event_time", "TIMESTAMP"),
        *((column.name, column.type) for column in entities()[name].columns),
    ]
    assert rows(context, f"from silver.{name}") == []


def test_a_row_becomes_a_typed_record_of_the_customer_it_belongs_to_now():
    context = landed(
        {
            "entity": "orders",
            "identifiers": {"card": "card"},
            "select": {"amount_usd": "cast(cents as integer) / 100", "status": "order"},
        },
        """
        id  at                         cents  order
        7   2026-01-01T01:00:00+02:00  1250   paid
        8   2026-01-01                 -      -
        """,
    )
    given(
        context,
        "identity.member",
        """
        source  record_id  customer_id  to_run
        feed    7          old          3
        feed    7          ann          -
        other   8          bob          -
        """,
    )

    build_entity("orders")(context)

    assert text(
        context,
        "select source, record_id, customer_id, status, amount_usd from silver.orders order by 2",
    ) == ["feed 7 ann paid 12.50", "feed 8 - - -"]
    assert rows(context, "select event_time from silver.orders order by record_id") == [
        (datetime(2025, 12, 31, 23),),
        (datetime(2026, 1, 1),),
    ]


def test_a_feed_with_columns_of_our_own_names_is_not_confused_with_them():
    context = landed(
        {
            "entity": "orders",
            "identifiers": {"card": "customer_id"},
            "key": "record_id",
            "select": {"channel": "source", "store_id": "customer_id"},
        },
        """
        record_id  at          customer_id  source
        1          2026-01-01  theirs       web
        """,
    )
    given(context, "identity.member", "source record_id customer_id\nfeed 1 ann")

    build_entity("orders")(context)

    assert text(
        context, "select source, record_id, customer_id, channel, store_id from silver.orders"
    ) == ["feed 1 ann web theirs"]


def test_attributes_are_long_trimmed_and_never_blank():
    context = landed(
        {
            "entity": "customers",
            "identifiers": {"card": "card"},
            "attributes": {"city": "town", "source": "concat(' ', origin, ' ')"},
        },
        """
        id  at          town  origin
        1   2026-01-01  Bonn  shop
        2   2026-01-01  -     fair
        3   2026-01-01  Ulm   shop
        """,
    )
    context.con.execute("update bronze.feed__current set town = ' ' where id = '1'").fetchall()
    given(
        context,
        "identity.member",
        "source record_id customer_id\nfeed 1 ann\nfeed 2 bob",
    )

    build_customer_attribute(context)

    assert text(
        context,
        "select customer_id, attribute, value, source, record_id, event_time::date"
        " from silver.customer_attribute order by all",
    ) == ["ann source shop feed 1 2026-01-01", "bob source fair feed 2 2026-01-01"]


def test_without_attributes_there_is_an_empty_table():
    context = empty_context()
    context.con.execute("drop table silver.customer_attribute").fetchall()

    build_customer_attribute(context)

    assert rows(context, "from silver.customer_attribute") == []


def test_an_expression_that_fails_names_the_table_the_value_and_the_source():
    context = landed(
        {"entity": "stores", "select": {"name": "cast(town as integer)"}},
        """
        id  at          town
        1   2026-01-01  Bonn
        """,
    )

    with pytest.raises(C360Error, match=r"silver\.stores .*'Bonn'.* of feed in c360\.yaml"):
        build_entity("stores")(context)
