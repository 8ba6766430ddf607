"""Two sides of a decision, field by field: attributes as sources have them, masked identifiers."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from c360.config import Settings
from c360.identity.explain_evidence import Link, Record, printable
from c360.sources.mapping import cast_sql, record_id_sql
from c360.sources.quoting import name_sql
from c360.step import Context
from c360.stewardship.fields import MOST_TOLD, shown_attributes

_UNTOLD = frozenset({"junk", "generic", "suppressed"})
"""What became of identifiers that say nothing of a person."""


@dataclass(frozen=True, slots=True)
class Field:
    """An attribute or a namespace of identifiers, and what either side has of it, as it is shown.

    None: a side has nothing of it.
    """

    name: str
    value_l: str | None
    value_r: str | None


Described = Mapping[str, Collection[str]]
"""The texts that one side has of each field."""


def describe(context: Context, records: Collection[Record], links: Iterable[Link]) -> Described:
    """Return what records have of each field: `links` are those of their keyrings."""
    texts: dict[str, set[str]] = defaultdict(set)
    for name, text in _read_attributes(context, records):
        texts[name].add(printable(text))
    for link in links:
        if link.status not in _UNTOLD:
            texts[link.value.namespace].add(link.value.shown)
    return texts


def side_by_side(settings: Settings, left: Described, right: Described) -> tuple[Field, ...]:
    """Return the fields that a side has, in the order of the configuration, attributes first."""
    attributes = [
        name for source in settings.sources.values() for name in shown_attributes(settings, source)
    ]
    namespaces = [name for name, each in settings.identifiers.items() if not each.visit]
    names = dict.fromkeys([*attributes, *namespaces])
    fields = (Field(name, _cell(left.get(name)), _cell(right.get(name))) for name in names)
    return tuple(each for each in fields if each.value_l is not None or each.value_r is not None)


def fields_text(fields: Sequence[Field], left: str, right: str) -> list[str]:
    """Return the fields as a table of three columns, the last two headed by names."""
    rows = [("", left, right), *((f.name, f.value_l or "", f.value_r or "") for f in fields)]
    wide, wider = (max(len(row[column]) for row in rows) for column in range(2))
    return [f"  {name:<{wide}}  {own:<{wider}}  {other}".rstrip() for name, own, other in rows]


def fields_figures(fields: Sequence[Field]) -> list[dict[str, str | None]]:
    """Return the fields for programs."""
    return [{"field": f.name, "left": f.value_l, "right": f.value_r} for f in fields]


def _cell(texts: Collection[str] | None) -> str | None:
    if not texts:
        return None
    told = sorted(texts)
    more = [f"+{len(told) - MOST_TOLD:,} more"] if len(told) > MOST_TOLD else []
    return " | ".join([*told[:MOST_TOLD], *more])


def _read_attributes(context: Context, records: Collection[Record]) -> list[tuple[str, str]]:
    """Return the attributes of records that have them, each with its name."""
    found: list[tuple[str, str]] = []
    for name, source in context.settings.sources.items():
        keys = [record.record_id for record in records if record.source == name]
        attributes = shown_attributes(context.settings, source)
        if not keys or not attributes:
            continue
        texts = ", ".join(
            f"nullif(trim({cast_sql(expression, 'VARCHAR')}), '')"
            for expression in attributes.values()
        )
        found += context.con.execute(
            "select distinct name, text from (select unnest($names) as name, unnest(texts) as text"
            f" from (select {record_id_sql(source)} as record_id, [{texts}] as texts"
            f" from bronze.{name_sql(f'{name}__current')})"
            " where record_id in (select unnest(cast($keys as varchar[]))))"
            " where text is not null",
            {"names": list(attributes), "keys": keys},
        ).fetchall()
    return found
