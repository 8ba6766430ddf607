"""What a column follows from, or what follows from it, as a tree of lines."""

from collections.abc import Iterator
from dataclasses import dataclass

from c360.profile.lineage import Lineage
from c360.profile.lineage_query import ROWS, Column, Inputs

KEYS = ("customer_id", "source", "record_id")
"""Rows of tables are brought together by these."""


@dataclass(frozen=True, slots=True)
class Line:
    """A column in the tree. `depth` is 0 for the column that was asked about.

    `decides`: it is not in the value of the column above, but says which rows count. `is_above`:
    what hangs on it stands further up already.
    """

    depth: int
    column: Column
    decides: bool = False
    is_above: bool = False


def tree_of(
    lineage: Lineage,
    column: Column,
    *,
    forward: bool = False,
    shown: set[Column] | None = None,
) -> list[Line]:
    """Return the tree of a column: upstream to its beginnings, or forward to what is made of it.

    What no source fills is left out.
    `shown` are columns whose trees stand elsewhere already; those of this tree are added.
    """
    shown = set() if shown is None else shown
    return list(_lines(lineage, Line(0, column), shown, forward=forward))


def _lines(lineage: Lineage, line: Line, shown: set[Column], *, forward: bool) -> Iterator[Line]:
    inputs = lineage.uses.get(line.column, Inputs()) if forward else lineage.of(line.column)
    below = [
        each
        for each in _told(inputs, line.column)
        if not (lineage.is_unfed(each[0]) or (forward and _ends_as_rows(lineage, each[0])))
    ]
    is_above = line.column in shown and bool(below)
    yield Line(line.depth, line.column, line.decides, is_above)
    if is_above:
        return
    shown.add(line.column)
    for column, decides in below:
        yield from _lines(lineage, Line(line.depth + 1, column, decides), shown, forward=forward)


def _told(inputs: Inputs, above: Column) -> list[tuple[Column, bool]]:
    """Return the inputs that are worth a line: those in the value first."""
    deciding = [each for each in inputs.rows if not (_is_plain(each) or _is_plain(above))]
    return [(each, False) for each in sorted(inputs.values - {above})] + [
        (each, True) for each in sorted(deciding)
    ]


def _ends_as_rows(lineage: Lineage, column: Column) -> bool:
    return column.name == ROWS and column not in lineage.uses


def _is_plain(column: Column) -> bool:
    """Say whether a column decides about the rows of so much that it need not be said.

    These are keys, whose customer a record is, and of bronze the key and time of each record.
    """
    return column.name in KEYS or column.table.startswith(("identity.", "bronze."))
