"""Runs the queries in reports/sql."""

from typing import Any

import duckdb

from c360.step import read_sql


def query(con: duckdb.DuckDBPyConnection, name: str, **parameters: object) -> list[tuple[Any, ...]]:
    """Return the rows of `reports/sql/<name>.sql`, called with the parameters that it names."""
    return con.execute(read_sql("reports", f"ops.{name}"), parameters).fetchall()


def columns_of(con: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """Return the columns of a table of the warehouse; none where there is no such table."""
    schema, _, name = table.partition(".")
    rows = con.execute(
        "select column_name from information_schema.columns where table_catalog = 'c360'"
        " and table_schema = $schema and table_name = $name",
        {"schema": schema, "name": name},
    ).fetchall()
    return {column for (column,) in rows}
