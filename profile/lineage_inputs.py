"""The lineage of columns as the events of runs tell it."""

from collections.abc import Mapping

from c360.config import Settings
from c360.openlineage import TableInputs
from c360.profile.lineage import lineage_of
from c360.profile.lineage_query import ROWS, Column, Inputs


def column_inputs(settings: Settings) -> Mapping[str, TableInputs]:
    """Return what the columns of every table of silver and gold follow from.

    It is an upper bound, as `c360 lineage` shows it. Rows as such, which a count counts, and the
    attributes of a long table, which are no columns, are left out.
    """
    return {table: _table_inputs(made) for table, made in lineage_of(settings).inputs.items()}


def _table_inputs(made: Mapping[str, Inputs]) -> TableInputs:
    columns = {name: each for name, each in made.items() if name != ROWS and "[" not in name}
    rows = {column for each in made.values() for column in each.rows}
    return TableInputs(
        fields={name: _pairs(each.values) for name, each in columns.items()},
        rows=_pairs(rows),
    )


def _pairs(columns: frozenset[Column] | set[Column]) -> tuple[tuple[str, str], ...]:
    """Return columns as (table, name), an attribute of a long table as its `value`."""
    found = {(each.table, each.name.partition("[")[0]) for each in columns if each.name != ROWS}
    return tuple(sorted(found))
