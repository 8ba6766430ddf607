"""The tables of docs/configuration.md, made of the models of the configuration.

The prose between them is written by hand. A line `<!-- keys: guards -->` begins the table of a
section, `<!-- keys: the rest -->` that of all keys without a table of their own, and
`<!-- end of keys -->` ends either.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic.fields import FieldInfo
from reference_rows import cell, default_of, meaning_of, section_in

from c360.config import Settings
from c360.rules import Band
from c360.section import Section

PAGE = Path(__file__).resolve().parents[1] / "docs" / "configuration.md"
ELSEWHERE = ("rules", "consent", "activation")
"""Sections that have a page of their own, rules.md."""
REST = "the rest"
BLOCK = re.compile(r"(<!-- keys: (.+?) -->\n).*?(<!-- end of keys -->)", flags=re.DOTALL)

PLAIN: dict[object, str] = {
    bool: "yes or no",
    int: "whole number",
    float: "number",
    Decimal: "number",
    str: "text",
    Path: "path",
    datetime: "time",
    timedelta: "`7d`, `12h`, `30m`",
}
WORDS = {
    "checks.critical_fields": "list of columns",
    "guards.block": "list of regular expressions",
    "guards.one_per_person": "list of attributes",
    "identifiers.<name>.all_of": "list of attributes",
    "memory_limit": "size",
    "name": "name",
    "probabilistic.blocking": "list of lists of fields",
    "sources.<name>.attributes": "expression by attribute",
    "sources.<name>.collapse": "aggregate by column",
    "sources.<name>.deleted": "expression",
    "sources.<name>.entity": "[canonical entity](entities.md)",
    "sources.<name>.event_time": "expression or `null`",
    "sources.<name>.identifiers": "expression, or list of them, by namespace",
    "sources.<name>.key": "expression",
    "sources.<name>.select": "expression by canonical column",
}
"""What a type alone does not tell."""
LONG = {"checks.critical_fields": "below"}
"""Defaults that are told in the prose."""


def configuration_page() -> str:
    """Return docs/configuration.md with its tables made anew."""
    text = PAGE.read_text(encoding="utf-8")
    named: set[str] = {each[1] for each in BLOCK.findall(text)} | {*ELSEWHERE}

    def table(found: re.Match[str]) -> str:
        head, section, end = found.groups()
        return f"{head}\n{_table(section, named)}\n\n{end}"

    return BLOCK.sub(table, text)


def keys(section: type[Section], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Yield every key of the configuration with its path: `sources.<name>.path`."""
    for name, field in section.model_fields.items():
        path = f"{prefix}{name}"
        yield path, field
        inner = section_in(field.annotation)
        if inner is not None and inner is not Band:
            is_named = get_origin(field.annotation) is dict
            yield from keys(inner, f"{path}.<name>." if is_named else f"{path}.")


def _table(section: str, named: set[str]) -> str:
    rows = [
        f"| `{path}` | {WORDS.get(path) or words_of(field.annotation, field.metadata)}"
        f" | {LONG.get(path) or default_of(field)} | {cell(meaning_of(field))} |"
        for path, field in _keys_of(section, named)
    ]
    return "\n".join(["| key | type | default | meaning |", "|---|---|---|---|", *rows])


def _keys_of(section: str, named: set[str]) -> Iterator[tuple[str, FieldInfo]]:
    if section == "band":
        yield from keys(Band, "<band>.")
        return
    for path, field in keys(Settings):
        top = path.partition(".")[0]
        is_own = top == section and path != top
        is_rest = section == REST and top not in ELSEWHERE and (path == top or top not in named)
        if is_own or is_rest:
            yield path, field


def words_of(annotation: Any, metadata: Iterable[Any] = ()) -> str:
    """Return what a value of a type looks like, in words.

    >>> words_of(tuple[int, ...]), words_of(dict[str, Literal["a", "b"]]), words_of(bool | None)
    ('list of whole numbers', '`a`, `b` by name', 'yes or no')
    """
    origin, of = get_origin(annotation), get_args(annotation)
    words = PLAIN.get(annotation, "text")
    if origin is Annotated:
        words = words_of(of[0], of[1:])
    elif origin in (Union, UnionType):
        words = " or ".join(dict.fromkeys(words_of(each) for each in of if each is not NoneType))
    elif origin is Literal:
        words = ", ".join(f"`{each}`" for each in of)
    elif origin is tuple:
        words = f"list of {_many(words_of(of[0]))}" if of[-1] is ... else "`[least, most]`"
    elif origin is dict:
        words = f"{words_of(of[1])} by name"
    elif isinstance(annotation, type) and issubclass(annotation, Section):
        words = "band" if annotation is Band else "section"
    elif annotation in (float, Decimal) and _is_share(metadata):
        words = "share"
    return words


def _is_share(metadata: Iterable[Any]) -> bool:
    """Say whether a number lies between 0 and 1, by what is said of it beside its type."""
    told = [bound for each in metadata for bound in getattr(each, "metadata", [each])]
    return Ge(0) in told and Le(1) in told


def _many(words: str) -> str:
    return words if words in ("text", "yes or no") or "`" in words else f"{words}s"
