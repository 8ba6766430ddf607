"""Whom a check concerns: the consumers of what is made of the tables that it speaks of."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from c360.activation import audiences
from c360.config import Settings
from c360.consumers import Consumer, consumers
from c360.profile.activation import activation_table
from c360.profile.models import MODELS

_ALL_IDENTITY = "identity.member"
"""Silver is made of it, and it of everything else in identity and stewardship."""
_AUDIENCE = "gold.activation_"


def consumers_of(settings: Settings) -> dict[str, Consumer]:
    """Return every consumer by name, marketing with the audiences of the configuration."""
    tables = tuple(f"gold.{activation_table(name)}" for name in audiences(settings.activation))
    return consumers(settings.consumers, tables)


def concerned(tables: Sequence[str], known: Mapping[str, Consumer]) -> list[str]:
    """Return the consumers that read one of the tables, or what is made of them, sorted."""
    spoken = {_ALL_IDENTITY if each.startswith("identity.") else each for each in tables}
    return sorted(
        name
        for name, consumer in known.items()
        if any(spoken & upstream(table) for table in consumer.reads)
    )


@cache
def upstream(table: str) -> frozenset[str]:
    """Return a table and all that it is made of, as far as silver and identity.member."""
    if table.startswith(_AUDIENCE) and table not in _reads():
        return frozenset({table}) | upstream("gold.activation_candidates")
    return frozenset({table}).union(*map(upstream, _known(_reads().get(table, ()))))


def _known(tables: Iterable[str]) -> list[str]:
    return [_ALL_IDENTITY if table.startswith("identity.") else table for table in tables]


@cache
def _reads() -> dict[str, tuple[str, ...]]:
    """Return what each table of silver and gold reads; entities read bronze and the members."""
    made = {step.table: step.reads for step in MODELS}
    read = {table for reads in made.values() for table in reads}
    entities = {table: (_ALL_IDENTITY,) for table in read if table.startswith("silver.")}
    return entities | made
