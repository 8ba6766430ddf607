"""Columns that nothing is made of, and columns that nobody has described."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain

import yaml

from c360.config import Settings
from c360.entities import entities
from c360.profile.lineage import Lineage
from c360.profile.lineage_query import Column
from c360.profile.lineage_tree import KEYS
from c360.profile.windows import window_names
from c360.rules import Rules
from c360.sources.mapping import columns_of, expressions

UNMAPPED = "c360.yaml does not name it"
UNREAD = "no mart is made of it"


@dataclass(frozen=True, slots=True)
class Unused:
    """Columns of a table that no mart follows from, for one reason."""

    table: str
    why: str
    columns: tuple[str, ...]

    @property
    def is_mapped(self) -> bool:
        """Whether the configuration names the columns, or a model makes them."""
        return self.why != UNMAPPED


def unused_columns(
    lineage: Lineage, settings: Settings, landed: Mapping[str, Sequence[str]]
) -> list[Unused]:
    """Return the columns of bronze and silver that no mart follows from.

    `landed` has the columns of each source's feeds; of a source that has not landed, those are
    judged that the configuration names. Of the canonical entities only what a source fills counts.
    """
    marts = [
        Column(t, c) for t in lineage.inputs if t.startswith("gold.") for c in lineage.columns[t]
    ]
    used = lineage.upstream(marts)
    read = {table for table, *_ in _read_by_others(lineage)}
    return [
        *chain.from_iterable(
            _unused_of_source(name, landed.get(name, ()), settings, used)
            for name in settings.sources
        ),
        *(
            Unused(table, UNREAD, columns)
            for table in lineage.inputs
            if table.startswith("silver.")
            and table not in read
            and (columns := _unused_of_silver(lineage, table, used))
        ),
    ]


def _unused_of_source(
    name: str, landed: Sequence[str], settings: Settings, used: frozenset[Column]
) -> Iterator[Unused]:
    source = settings.sources[name]
    table = f"bronze.{name}"
    named = {c.lower(): c for _, each in expressions(source) for c in sorted(columns_of(each))}
    if lost := tuple(column for column in landed if column.lower() not in named):
        yield Unused(table, UNMAPPED, lost)
    followed = {each.name.lower() for each in used if each.table == table}
    followed |= {column.lower() for column in _told_to_identity(name, settings)}
    inside = {column.lower() for column in source.collapse} - {column.lower() for column in landed}
    if lost := tuple(c for key, c in named.items() if key not in followed | inside):
        yield Unused(table, UNREAD, lost)


def _told_to_identity(name: str, settings: Settings) -> Iterator[str]:
    """Yield the columns of a source that say who somebody is, or when."""
    compared = {
        *settings.guards.one_per_person,
        *chain.from_iterable(each.all_of for each in settings.identifiers.values()),
        *settings.probabilistic.fields,
        *chain.from_iterable(settings.probabilistic.blocking),
    }
    for key, expression in expressions(settings.sources[name]):
        part, _, what = key.partition(".")
        if part in ("key", "event_time", "deleted", "identifiers") or (
            part == "attributes" and what in compared
        ):
            yield from columns_of(expression)


def _unused_of_silver(lineage: Lineage, table: str, used: frozenset[Column]) -> tuple[str, ...]:
    is_entity = table.partition(".")[2] in entities()
    return tuple(
        column
        for column in lineage.columns[table]
        if Column(table, column) not in used
        and column not in (*KEYS, "value")
        and "[" not in column  # an attribute of a long table, as its value
        and (not is_entity or lineage.inputs[table][column].values)
    )


def _read_by_others(lineage: Lineage) -> Iterator[tuple[str, str]]:
    """Yield the tables that a step without a SELECT reads: all their columns are used."""
    for table, reads in lineage.reads.items():
        if table not in lineage.inputs:
            yield from ((read, table) for read in reads)


def meaning_of(column: Column, rules: Rules) -> str:
    """Return what the contract of a mart or the canonical entity says of a column, if anything."""
    schema, _, name = column.table.partition(".")
    if schema == "silver" and name in entities():
        told = {each.name: each.meaning for each in entities()[name].columns}
        return told.get(column.name, "")
    if schema != "gold":
        return ""
    windows = zip(window_names(Rules()).values(), window_names(rules).values(), strict=True)
    stored = dict(windows)
    return {stored.get(n, n): m for n, m in _contract(name).items()}.get(column.name, "")


@cache
def _contract(mart: str) -> dict[str, str]:
    """Return the meaning of each column of a mart by profile/contracts/<mart>.yaml."""
    file = files("c360.profile") / "contracts" / f"{mart}.yaml"
    if not file.is_file():
        return {}
    columns = yaml.safe_load(file.read_text(encoding="utf-8"))["columns"]
    return {name: str(what[1]).strip() for name, what in columns.items()}


def undocumented_columns(lineage: Lineage, rules: Rules) -> list[Column]:
    """Return the columns of gold whose contract does not say what they mean."""
    return [
        Column(table, column)
        for table in lineage.inputs
        if table.startswith("gold.")
        for column in lineage.columns[table]
        if not meaning_of(Column(table, column), rules)
    ]
