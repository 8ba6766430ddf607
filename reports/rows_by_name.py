"""Reads tables that an earlier version may not have, or have with fewer columns."""

from collections.abc import Mapping
from typing import Any

import duckdb

from c360.warehouse import has_table


def rows_by_name(
    con: duckdb.DuckDBPyConnection, table: str, rest: str = "", **parameters: object
) -> list[Mapping[str, Any]]:
    """Return the rows of a table by the names of its columns; none where there is no such table.

    `rest` is what follows `from <table>`, called with the parameters that it names.
    """
    if not has_table(con, table):
        return []
    names = [row[0] for row in con.execute(f"describe {table}").fetchall()]
    rows = con.execute(f"from {table} {rest}", parameters).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]
