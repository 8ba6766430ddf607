"""SQL that is run as it was written down: one SELECT, its values in it, and nothing that writes."""

from datetime import datetime
from decimal import Decimal

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

_WRITES = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Alter, exp.Copy)


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
    is_select = [each.type == duckdb.StatementType.SELECT for each in statements] == [True]
    tree = trees[0] if len(trees) == 1 else None
    if not is_select or not isinstance(tree, exp.Query) or tree.find(*_WRITES) is not None:
        msg = "must be one SELECT of the failing rows, and nothing that writes"
        raise ValueError(msg)
    return tree


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
