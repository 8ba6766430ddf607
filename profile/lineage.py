"""The lineage of every column of silver and gold, read from the SQL that makes the tables."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from c360.config import Settings
from c360.entities import entities
from c360.profile.attributes import attribute_sources, customer_attribute_sql
from c360.profile.configured import ConfiguredModel
from c360.profile.conform import entity_sql, parent_sources
from c360.profile.lineage_query import (
    ROWS,
    Column,
    Inputs,
    add_table,
    inputs_of,
    no_tables,
    value_of,
)
from c360.profile.model import Model
from c360.profile.models import MODELS
from c360.profile.records import all_rows
from c360.profile.windows import window_names
from c360.source import Source
from c360.sources.mapping import columns_of, expressions
from c360.sources.quoting import name_sql
from c360.sources.views import collapsed_select

CURRENT = "__current"
"""What the view of a source's rows in force ends with."""

_LONG = ("silver.customer_attribute", "silver.golden_attribute")
"""Tables with a row per attribute; the attributes of the second are those of the first."""


@dataclass(frozen=True)
class Lineage:
    """The inputs of every column that a SELECT makes, table by table in the order of the flow.

    Columns of `bronze.<source>` and of the tables of identity have none: they are where it begins.
    `reads` has the tables that each table is made of. Inputs are an upper bound: what a constant in
    the SQL rules out is followed nevertheless.
    """

    inputs: Mapping[str, Mapping[str, Inputs]]
    reads: Mapping[str, tuple[str, ...]]

    def of(self, column: Column) -> Inputs:
        """Return the inputs of a column; none where it is a beginning."""
        return self.inputs.get(column.table, {}).get(column.name, Inputs())

    def is_unfed(self, column: Column) -> bool:
        """Say whether a column of a canonical entity is one that no source fills."""
        schema, _, name = column.table.partition(".")
        return schema == "silver" and name in entities() and not self.of(column).values

    @cached_property
    def uses(self) -> Mapping[Column, Inputs]:
        """The same the other way round: by column, the columns that follow from it."""
        values: dict[Column, set[Column]] = defaultdict(set)
        rows: dict[Column, set[Column]] = defaultdict(set)
        for table, columns in self.inputs.items():
            for name, inputs in columns.items():
                for each in inputs.values:
                    values[each].add(Column(table, name))
                for each in inputs.rows:
                    rows[each].add(Column(table, name))
        return {
            each: Inputs(frozenset(values[each]), frozenset(rows[each]))
            for each in {*values, *rows}
        }

    @cached_property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """The columns of each table; of one that no SELECT makes, those that something reads."""
        found = {table: dict.fromkeys(columns) for table, columns in self.inputs.items()}
        for each in sorted(self.uses):
            found.setdefault(each.table, {})[each.name] = None
        return {t: tuple(name for name in names if name != ROWS) for t, names in found.items()}

    def tables_of(self, table: str) -> frozenset[str]:
        """Return the tables that a table is made of at any distance."""
        seen, ahead = set[str](), [table]
        while ahead:
            new = set(self.reads.get(ahead.pop(), ())) - seen
            seen |= new
            ahead += new
        return frozenset(seen)

    def upstream(self, starts: Sequence[Column]) -> frozenset[Column]:
        """Return the columns that these follow from at any distance, and these."""
        seen, ahead = set(starts), list(starts)
        while ahead:
            new = self.of(ahead.pop()).all - seen
            seen |= new
            ahead += new
        return frozenset(seen)


def lineage_of(settings: Settings) -> Lineage:
    """Read the lineage of a configuration; nothing has to be landed or built."""
    return _lineage(settings.model_dump_json())


@cache
def _lineage(configuration: str) -> Lineage:
    settings = Settings.model_validate_json(configuration)
    schema = no_tables()
    inputs: dict[str, Mapping[str, Inputs]] = {}
    reads: dict[str, tuple[str, ...]] = {}
    windows = window_names(settings.rules)
    for name, source in settings.sources.items():
        add_table(schema, f"bronze.{name}{CURRENT}", _named(source))
        add_table(schema, f"bronze.{name}", _named(source))
    for table, sql in _statements(settings):
        found = {
            windows.get(name, name) if table.startswith("gold.") else name: _in_bronze(
                each, settings
            )
            for name, each in inputs_of(sql, schema).items()
        }
        add_table(schema, table, found.keys() - {ROWS})
        if table in _LONG:
            found |= _by_attribute(settings, table, found["value"])
        inputs[table] = found
        reads[table] = tuple(sorted({each.table for made in found.values() for each in made.all}))
    return Lineage(inputs, reads | {step.table: step.reads for step in MODELS})


def _by_attribute(settings: Settings, table: str, value: Inputs) -> dict[str, Inputs]:
    """Return the inputs of each attribute's value in a long table (attribute, value)."""
    attributes = dict.fromkeys(a for s in settings.sources.values() for a in s.attributes)
    found = {}
    for attribute in attributes:
        if table == _LONG[0]:
            values = {
                Column(f"bronze.{name}", column)
                for name, source in settings.sources.items()
                for column in columns_of(source.attributes.get(attribute, "null"))
            }
        else:
            values = {Column(_LONG[0], value_of(attribute))}
        rows = {each for each in value.rows if each.name != "attribute"}
        found[value_of(attribute)] = Inputs(frozenset(values), frozenset(rows) - values)
    return found


def _statements(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield every table that a SELECT makes with its SQL, in the order of the flow."""
    for name, source in settings.sources.items():
        if source.collapse:
            yield f"bronze.{name}{CURRENT}", collapsed_select(source, f"bronze.{name_sql(name)}")
    for entity in entities().values():
        fed = {n: s for n, s in settings.sources.items() if s.entity == entity.name}
        many = len(parent_sources(settings, entity)) > 1
        yield f"silver.{entity.name}", entity_sql(entity, all_rows(fed), has_many_parents=many)
    rows = all_rows(attribute_sources(settings))
    yield "silver.customer_attribute", customer_attribute_sql(rows)
    for step in MODELS:
        if isinstance(step.build, ConfiguredModel):
            yield step.table, step.build.configure(step.build.sql, settings)
        elif isinstance(step.build, Model):
            yield step.table, step.build.sql


def _named(source: Source) -> set[str]:
    """Return the columns of a source that its configuration names."""
    return {column for _, each in expressions(source) for column in columns_of(each)}


def _in_bronze(inputs: Inputs, settings: Settings) -> Inputs:
    """Name the columns of bronze as the feeds do, and by the source where nothing lies between."""
    return Inputs(
        frozenset(_as_fed(each, settings) for each in inputs.values),
        frozenset(_as_fed(each, settings) for each in inputs.rows),
    )


def _as_fed(column: Column, settings: Settings) -> Column:
    schema, _, view = column.table.partition(".")
    source = settings.sources.get(view.removesuffix(CURRENT))
    if schema != "bronze" or source is None:
        return column
    spelled = {name.lower(): name for name in _named(source)}
    named = replace(column, name=spelled.get(column.name.lower(), column.name))
    return (
        named if source.collapse else replace(named, table=f"bronze.{view.removesuffix(CURRENT)}")
    )
