import duckdb
import pytest

from c360.sources.mapping import cast_sql, casts_in, columns_of, expression_sql


@pytest.mark.parametrize(
    ("expression", "columns"),
    [
        ("order", {"order"}),
        ("first || ' ' || last", {"first", "last"}),
        ('"Order ID"', {"Order ID"}),
        ("address.city", {"address"}),  # a field in a column
        ("list_transform(tags, lambda tag: upper(tag))", {"tags"}),
        ("'paid'", set()),
        ("true", set()),
    ],
)
def test_the_columns_of_an_expression_are_known(expression, columns):
    assert columns_of(expression) == columns


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-01T10:00:00+02:00", "2026-01-01 08:00:00"),
        ("2026-01-01T10:00:00Z", "2026-01-01 10:00:00"),
        ("2026-01-01 10:00:00", "2026-01-01 10:00:00"),
        ("2026-01-01", "2026-01-01 00:00:00"),
        ("", None),  # blank is no value; anything else landing has refused
    ],
)
def test_times_become_utc(text, utc):
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        query = f"select ({cast_sql('at', 'TIMESTAMP')})::varchar from (select $text as at)"

        assert con.execute(query, {"text": text}).fetchall() == [(utc,)]


def test_a_column_may_have_the_name_of_a_keyword():
    assert expression_sql("group") == '"group"'


def test_the_casts_inside_an_aggregate_are_those_that_read_a_row():
    assert casts_in("cast(sum(cast(a as int)) as varchar)") == ["CAST(a AS INT)"]
