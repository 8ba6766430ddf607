"""SQL that is run as it was written down: one SELECT, its values in it, and nothing that writes."""

import json
import re
from collections.abc import Collection, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

_WRITES = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Alter, exp.Copy)

_HARMLESS = ("generate_series", "range", "repeat", "unnest")
"""Functions in place of a table that read nothing."""


def only_select(sql: str) -> exp.Query:
    """Return the one SELECT that the text is.

    Raises:
        ValueError: it is anything else, or not SQL.
    """
    try:
        statements = duckdb.extract_statements(sql)
        trees = [tree for tree in sqlglot.parse(sql, dialect="duckdb") if tree is not None]
    except (duckdb.Error, SqlglotError) as error:
        msg = f"is not SQL: {str(error).splitlines()[0]}"
        raise ValueError(msg) from error
    if not trees:
        msg = "is empty: it must be one SELECT of the failing rows"
        raise ValueError(msg)
    if len(trees) > 1:
        msg = f"holds {len(trees)} statements: it must be one SELECT of the failing rows"
        raise ValueError(msg)
    is_select = [each.type == duckdb.StatementType.SELECT for each in statements] == [True]
    tree = trees[0] if len(trees) == 1 else None
    if not is_select or not isinstance(tree, exp.Query) or tree.find(*_WRITES) is not None:
        msg = "must be one SELECT of the failing rows, and nothing that writes"
        raise ValueError(msg)
    return tree


def foreign_reads(sql: str, schemas: Collection[str]) -> list[str]:
    """Return what a SELECT reads beside tables of these schemas: files, and functions of tables.

    Raises:
        ValueError: DuckDB cannot take the SELECT apart.
    """
    with duckdb.connect() as con:
        text = con.execute("select json_serialize_sql($sql)", {"sql": sql}).fetchall()[0][0]
    told = json.loads(text)
    if told["error"]:
        msg = "cannot be taken apart; `pivot` must name its columns (`in`)"
        raise ValueError(msg)
    nodes = list(_nodes(told))
    ctes = {each["key"] for node in nodes if "cte_map" in node for each in node["cte_map"]["map"]}
    found = []
    for node in nodes:
        if node.get("type") == "TABLE_FUNCTION":
            name = node["function"].get("function_name", "")
            if name not in _HARMLESS:
                found.append(f"{name}()")
        elif node.get("type") == "BASE_TABLE":
            parts = (node["catalog_name"], node["schema_name"], node["table_name"])
            is_plain = all(re.fullmatch(r"\w*", part) for part in parts)
            is_own = parts[0] in {"", "c360"} and parts[1] in schemas
            if not is_plain or not (is_own or (not any(parts[:2]) and parts[2] in ctes)):
                found.append(".".join(filter(None, parts)))
    return found


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    """Yield every object in JSON."""
    if isinstance(tree, dict):
        yield tree
    for part in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(part)


def literal_sql(value: object) -> str:
    """Return a value as DuckDB writes it.

    >>> literal_sql(["O'Hara", 2])
    "['O''Hara', 2]"
    """
    match value:
        case str():
            return "'" + value.replace("'", "''") + "'"
        case datetime():
            return f"timestamp '{value.isoformat(sep=' ')}'"
        case int() | float() | Decimal():
            return str(value)
        case list():
            return f"[{', '.join(map(literal_sql, value))}]"
        case _:
            msg = f"{value!r} cannot be written as SQL"
            raise TypeError(msg)
