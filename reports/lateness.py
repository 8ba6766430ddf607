"""How late the rows of each source come, and how long they take to land."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import duckdb

from c360.reports.query import query
from c360.sources.late import has_lateness
from c360.step import Context


@dataclass(frozen=True, slots=True)
class Lateness:
    """A source whose rows can be late.

    `last_…` is of the last run that landed any of its rows. A row is late if it happened before the
    newest that had come, and later than promised if by more than `promised`. `processing_lag_hours`
    lie between the newest row of the last run and its landing; None where no row tells a time.
    """

    source: str
    promised: timedelta
    last_rows: int
    last_late_rows: int
    last_later_than_promised: int
    late_rows: int
    later_than_promised: int
    longest_lag_hours: Decimal
    processing_lag_hours: Decimal | None

    @property
    def lag_pair(self) -> tuple[str, Decimal | None]:
        """The source and the time that its newest row took to land."""
        return self.source, self.processing_lag_hours


def read_lateness(context: Context) -> tuple[Lateness, ...]:
    """Return the lateness of each source in the order of the configuration.

    Empty where rows were landed by a version that did not measure it.
    """
    if not _is_measured(context.con):
        return ()
    sources = {n: s for n, s in context.settings.sources.items() if has_lateness(s)}
    return tuple(
        Lateness(source, sources[source].lateness, *figures)
        for source, *figures in query(context.con, "lateness", sources=list(sources))
    )


def _is_measured(con: duckdb.DuckDBPyConnection) -> bool:
    return bool(
        con.execute(
            "select 1 from information_schema.columns where table_catalog = 'c360'"
            " and table_schema = 'ops' and table_name = 'load' and column_name = 'late_rows'"
        ).fetchall()
    )
