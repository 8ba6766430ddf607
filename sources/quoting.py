"""Names and texts as SQL, for the statements that must vary with a source's columns."""

import re
from pathlib import Path


def name_sql(name: str) -> str:
    """Return a column's name, quoted.

    >>> name_sql("order")
    '"order"'
    """
    return '"' + name.replace('"', '""') + '"'


def text_sql(text: str) -> str:
    """Return a text literal.

    >>> text_sql("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def pattern_sql(path: Path) -> str:
    """Return a file's path as DuckDB's readers take it, where `[`, `*` and `?` begin a pattern.

    >>> pattern_sql(Path("a[1].csv"))
    "'a[[]1].csv'"
    """
    return text_sql(re.sub(r"([\[*?])", r"[\1]", str(path)))
