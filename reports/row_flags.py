"""Rows that were kept with a flag, put aside or held back, and why."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

import yaml

from c360.reports.query import query
from c360.step import Context
from c360.warehouse import has_table


@dataclass(frozen=True, slots=True)
class RowFlag:
    """How many rows of a source have a flag, what it means and how they were treated.

    `treatment` is kept, quarantined or held back. The times are those of the first and last event.
    """

    flag: str
    source: str
    treatment: str
    rows: int
    first_at: datetime | None
    last_at: datetime | None

    @property
    def meaning(self) -> str:
        """What the flag says of a row; empty for one that has no words yet."""
        return _meanings().get(self.flag, "")


def read_row_flags(context: Context) -> tuple[RowFlag, ...] | None:
    """Return the flagged rows by flag and source; None where no build has flagged any."""
    if not has_table(context.con, "silver.row_flag"):
        return None
    return tuple(RowFlag(*row) for row in query(context.con, "flagged_row"))


@cache
def _meanings() -> dict[str, str]:
    text = (files("c360.reports") / "flags.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))
