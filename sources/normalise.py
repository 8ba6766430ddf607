"""How the values of identifiers and attributes are made comparable, as SQL."""

from collections.abc import Callable, Mapping
from importlib.resources import files

import duckdb
from duckdb.func import FunctionNullHandling

from c360.config import Identifier, Settings
from c360.sources.emails import parse_email
from c360.sources.junk import install_junk
from c360.sources.mapping import expression_sql
from c360.sources.phones import (
    NOWHERE,
    international_patterns,
    national_patterns,
    nothing_pattern,
    parse_phone,
)

_FUNCTIONS: dict[str, tuple[Callable[..., str | None], tuple[str, ...]]] = {
    "parse_phone": (parse_phone, ("value", "region")),
    "parse_email": (parse_email, ("value",)),
}
_PATTERNS = ("code", "general", "length", "prefix")
"""What sources/phones.py tells of the numbers of a region, and of all countries."""


def normalised_sql(identifier: Identifier, expression: str) -> str:
    """Return the SQL of a namespace's value; `expression` is one of the configuration.

    The session needs `install_normalisation`.
    """
    value = expression_sql(expression)
    if identifier.normalise == "phone":
        return f"normalise_phone({value}, '{identifier.region or NOWHERE}')"
    return f"normalise_{identifier.normalise or 'plain'}({value})"


def attribute_sql(expression: str) -> str:
    """Return the SQL of a person's attribute, null where it stands for "nothing".

    The session needs `install_normalisation`.
    """
    return f"normalise_attribute({expression_sql(expression)})"


def install_normalisation(
    con: duckdb.DuckDBPyConnection, settings: Settings, *, prefix: str = ""
) -> None:
    """Define the session's macros and its junk list.

    The functions of Python behind them belong to the database and are made in the transaction that
    runs: a second session beside an open transaction needs a `prefix` of its own for them.
    """
    install_junk(con, settings.guards.block)
    known = _known_functions(con)
    for name, (function, parameters) in _FUNCTIONS.items():
        if f"{prefix}{name}_of_python" not in known:
            con.create_function(
                f"{prefix}{name}_of_python", function, null_handling=FunctionNullHandling.SPECIAL
            )
        signature = ", ".join(parameters)
        con.execute(
            f"create or replace temp macro {name}({signature}) as"
            f" {prefix}{name}_of_python({signature})"
        ).fetchall()
    # A variable must be there, and be text, before a macro can name it.
    _set(con, dict.fromkeys([*_PATTERNS, *(f"{part}_{NOWHERE}" for part in _PATTERNS), "nothing"]))
    text = (files("c360.sources") / "sql" / "macros.sql").read_text(encoding="utf-8")
    for statement in text.split(";\n"):
        if statement.strip():
            con.execute(statement).fetchall()
    phones = [each for each in settings.identifiers.values() if each.normalise == "phone"]
    for region in sorted({each.region for each in phones if each.region}):
        _set(con, {f"{k}_{region}": pattern for k, pattern in national_patterns(region).items()})
    if phones:
        _set(con, international_patterns() | {"nothing": nothing_pattern()})


def _known_functions(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the names of the functions of Python that the database has."""
    found = con.execute(
        "select function_name from duckdb_functions() where ends_with(function_name, '_of_python')"
    ).fetchall()
    return {name for (name,) in found}


def _set(con: duckdb.DuckDBPyConnection, patterns: Mapping[str, str | None]) -> None:
    for name, pattern in patterns.items():
        con.execute(
            f"set variable phone_{name} = cast($pattern as varchar)", {"pattern": pattern}
        ).fetchall()
