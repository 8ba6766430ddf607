"""What the marts are made of, and which columns nothing needs or nobody describes."""

from collections.abc import Mapping
from dataclasses import dataclass

from c360.config import Settings
from c360.profile.lineage import Lineage, lineage_of
from c360.profile.lineage_gaps import (
    Unused,
    meaning_of,
    undocumented_columns,
    unused_columns,
)
from c360.profile.lineage_query import Column
from c360.profile.lineage_tree import KEYS, Line, tree_of
from c360.sources.loads import landed_columns
from c360.step import Context

PROFILE = "gold.customer_360"


@dataclass(frozen=True, slots=True)
class Mart:
    """A mart: how many columns it has, and whether it is made of each source, in their order."""

    table: str
    columns: int
    of_source: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a column of the profile comes from; `meaning` is empty where nobody has told it."""

    column: Column
    meaning: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Origins:
    """The lineage as the report shows it. `undocumented` has the columns of each mart."""

    sources: tuple[str, ...]
    marts: tuple[Mart, ...]
    columns: tuple[Origin, ...]
    unused: tuple[Unused, ...]
    undocumented: Mapping[str, tuple[str, ...]]


def read_origins(context: Context) -> Origins:
    """Read the lineage of the configuration, with the columns of the feeds that have landed.

    Column by column it is told of the critical fields (`checks.critical_fields`).
    """
    settings = context.settings
    lineage = lineage_of(settings)
    marts = [table for table in lineage.inputs if table.startswith("gold.")]
    shown: set[Column] = set()
    wanted = [
        Column(PROFILE, name)
        for name in settings.checks.critical_fields
        if name in lineage.columns[PROFILE] and name not in KEYS
    ]
    silent = undocumented_columns(lineage, settings.rules)
    return Origins(
        sources=tuple(settings.sources),
        marts=tuple(_mart(lineage, table, settings) for table in marts),
        columns=tuple(_origin(lineage, column, settings, shown) for column in wanted),
        unused=tuple(unused_columns(lineage, settings, landed_columns(context.con))),
        undocumented={
            table: tuple(each.name for each in silent if each.table == table)
            for table in dict.fromkeys(each.table for each in silent)
        },
    )


def _mart(lineage: Lineage, table: str, settings: Settings) -> Mart:
    made_of = lineage.tables_of(table)
    is_made = (f"bronze.{source}" in made_of for source in settings.sources)
    return Mart(table, len(lineage.columns[table]), tuple(is_made))


def _origin(lineage: Lineage, column: Column, settings: Settings, shown: set[Column]) -> Origin:
    """Return where a column comes from; what stands in the trees `shown` is only named."""
    lines = [
        line
        for line in tree_of(lineage, column, shown=shown)[1:]
        if line.depth == 1 or not line.is_above
    ]
    return Origin(column, meaning_of(column, settings.rules), tuple(lines))
