"""A DuckDB of Splink's own: it reads columns by a table's bare name, and leaves tables behind."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from itertools import count
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from splink import Linker
    from splink.internals.splink_dataframe import SplinkDataFrame

_NAMES = count()


@contextmanager
def comparing(con: duckdb.DuckDBPyConnection) -> Iterator["Session"]:
    """Give a database in memory that has the macros of the comparisons.

    It may use half of what the warehouse may, and spills to the same folder.
    """
    settings = dict(
        con.execute(
            "select name, value from duckdb_settings()"
            " where name in ('memory_limit', 'temp_directory')"
        ).fetchall()
    )
    own = duckdb.connect()
    try:
        if settings["temp_directory"]:
            _set(own, "temp_directory", settings["temp_directory"])
        _set(own, "memory_limit", _half(settings["memory_limit"]))
        own.execute("set enable_progress_bar = false").fetchall()
        text = (files("c360.identity") / "sql" / "comparison_macros.sql").read_text("utf-8")
        for statement in text.split(";\n"):
            own.execute(statement).fetchall()
        yield Session(con, own)
    finally:
        own.close()


class Session:
    """Splink's database, beside the warehouse that it is fed from."""

    def __init__(self, con: duckdb.DuckDBPyConnection, own: duckdb.DuckDBPyConnection) -> None:
        from splink import DuckDBAPI

        self._con, self.own = con, own
        self._api = DuckDBAPI(connection=own)

    @contextmanager
    def one_thread(self) -> Iterator[None]:
        """Add up sums in one order, so that a model is the same to the last bit."""
        self.own.execute("set threads = 1").fetchall()
        try:
            yield
        finally:
            self.own.execute("reset threads").fetchall()

    def take(self, table: str, select: str) -> None:
        """Copy rows of the warehouse into a table of this database."""
        rows = self._con.sql(select).to_arrow_table()
        self.own.register("handed_over", rows)
        self.own.execute(f"create or replace table {table} as from handed_over").fetchall()
        self.own.unregister("handed_over")

    def give(self, table: str, select: str) -> None:
        """Copy rows of this database into a temporary table of the warehouse."""
        rows = self.own.sql(select).to_arrow_table()
        self._con.register("handed_over", rows)
        self._con.execute(f"create or replace temp table {table} as from handed_over").fetchall()
        self._con.unregister("handed_over")

    def table(self, name: str) -> "SplinkDataFrame":
        """Return a table under a name that Splink has not seen."""
        unique = f"{name}_{next(_NAMES)}"
        self.own.execute(f"create or replace view {unique} as from {name}").fetchall()
        return self._api.register(unique, dataset_display_name=unique)

    def linker(self, portraits: str, settings: Mapping[str, object]) -> "Linker":
        """Return a linker over a table of portraits, which says nothing on stderr."""
        from splink import Linker

        linker = Linker(self.table(portraits), dict(settings), log_level=None)
        logging.getLogger("splink").setLevel(logging.ERROR)
        return linker


def _set(con: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    con.execute(f"set {name} = '{value.replace(chr(39), chr(39) * 2)}'").fetchall()


def _half(memory_limit: str) -> str:
    """Return half of a limit as DuckDB prints it.

    >>> _half("8.0 GiB")
    '4.0 GiB'
    """
    number, unit = memory_limit.split()
    return f"{float(number) / 2} {unit}"
