"""What each source has promised, and how its columns have drifted since."""

from dataclasses import dataclass

from c360.reports.rows_by_name import rows_by_name
from c360.source import Source
from c360.step import Context
from c360.warehouse import has_table

CHANGES = 20
"""Changes of columns that are listed, the last of them."""


@dataclass(frozen=True, slots=True)
class SourceContract:
    """The contract of a source; `privacy` has the columns of each class that is not internal."""

    source: str
    contract: Source
    privacy: tuple[tuple[str, tuple[str, ...]], ...]
    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """A column that came, went or changed its type; a type that there is not is empty."""

    run: int
    source: str
    column: str
    change: str
    before: str
    after: str
    handling: str


@dataclass(frozen=True, slots=True)
class Contracts:
    """The contracts of all sources. `is_watched`: drift has been looked for."""

    sources: tuple[SourceContract, ...]
    changes: tuple[SchemaChange, ...]
    changes_total: int
    is_watched: bool


def read_contracts(context: Context) -> Contracts:
    """Return the contracts of the configuration with the drift seen at landing."""
    rows = rows_by_name(context.con, "ops.schema_change", "order by run desc, source, column_name")
    return Contracts(
        sources=tuple(
            SourceContract(name, source, _privacy(source), tuple(source.identifiers))
            for name, source in context.settings.sources.items()
        ),
        changes=tuple(
            SchemaChange(
                run=row["run"],
                source=row["source"],
                column=row["column_name"],
                change=row["change"],
                before=row["before"] or "",
                after=row["after"] or "",
                handling=row["handling"] or "",
            )
            for row in rows[:CHANGES]
        ),
        changes_total=len(rows),
        is_watched=has_table(context.con, "ops.schema_change"),
    )


def _privacy(source: Source) -> tuple[tuple[str, tuple[str, ...]], ...]:
    classes = dict.fromkeys(source.privacy.values())
    return tuple(
        (kind, tuple(name for name, own in source.privacy.items() if own == kind))
        for kind in classes
    )
