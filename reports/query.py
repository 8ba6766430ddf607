"""Runs the queries in reports/sql."""

from typing import Any

import duckdb

from c360.step import read_sql


def query(con: duckdb.DuckDBPyConnection, name: str, **parameters: object) -> list[tuple[Any, ...]]:
    """Return the rows of `reports/sql/<name>.sql`, called with the parameters that it names."""
    return con.execute(read_sql("reports", f"ops.{name}"), parameters).fetchall()
