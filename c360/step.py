"""A step of the flow: one table, what it reads, and the function that builds it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files

import duckdb

from c360.config import Settings
from c360.run_log import StepRun
from c360.warehouse import build_table
from c360.workspace import Workspace

_PARAMETER = re.compile(r"\$([a-z_][a-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Context:
    """What a step works with. `as_of` (UTC, naive) is the only now that any step may use.

    `is_full` asks the steps to make everything anew, and not only what changes have touched.
    `command`, `started_at` (UTC, naive) and `steps`, those that have run, are for telling only.
    """

    con: duckdb.DuckDBPyConnection
    settings: Settings
    workspace: Workspace
    as_of: datetime
    run: int
    is_full: bool = False
    command: str = ""
    started_at: datetime = datetime.min
    steps: list[StepRun] = field(default_factory=list, compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """Build `table` (and those in `also`) from the tables in `reads`.

    A name such as `bronze.*` stands for every table of a schema that the configuration names.
    """

    table: str
    reads: tuple[str, ...]
    build: Callable[[Context], object]
    also: tuple[str, ...] = ()


@cache
def read_sql(folder: str, table: str) -> str:
    """Return the SELECT of a table: the text of `<folder>/sql/<table without its schema>.sql`."""
    name = table.partition(".")[2]
    return (files(f"c360.{folder}") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def run_model(folder: str, table: str, context: Context, parameters: Mapping[str, object]) -> None:
    """Write a table from its SQL file, called with those of the parameters that it names."""
    build_model(context.con, table, read_sql(folder, table), parameters)


def build_model(
    con: duckdb.DuckDBPyConnection, table: str, text: str, parameters: Mapping[str, object]
) -> None:
    """Write a table as the SELECT, called with those of the parameters that it names."""
    build_table(con, table, text, {name: parameters[name] for name in parameters_of(text)})


def parameters_of(text: str) -> list[str]:
    """Return the names of the parameters in a SELECT.

    >>> parameters_of("select $last - $first, $last")
    ['first', 'last']
    """
    return sorted(set(_PARAMETER.findall(text)))
