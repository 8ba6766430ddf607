"""What the tables of the reference pages say of a field of the configuration."""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic.fields import FieldInfo

from c360.section import Section


def section_in(annotation: Any) -> type[Section] | None:
    """Return the section that a type is made of, if any."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return next(filter(None, map(section_in, get_args(annotation))), None)


def default_of(field: FieldInfo) -> str:
    """Return a default as YAML would have it."""
    if field.is_required():
        return "required"
    return f"`{_yaml(field.get_default(call_default_factory=True))}`"  # type: ignore[call-arg]


def meaning_of(field: FieldInfo) -> str:
    """Return the description of a field, or what its section says of itself."""
    if field.description:
        return field.description
    inner = section_in(field.annotation)
    told = (inner.__doc__ or "").splitlines()[0].rstrip(".") if inner else ""
    return told[:1].lower() + told[1:]


def cell(text: str) -> str:
    """Return text as a cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def _yaml(value: object) -> str:
    """Return a value as YAML on one line.

    >>> _yaml({"warn": 168.0, "on": True, "of": ("a", None)})
    '{warn: 168, on: true, of: [a, null]}'
    """
    if isinstance(value, Section):
        value = value.model_dump(exclude_defaults=True)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}: {_yaml(each)}' for name, each in value.items())}}}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_yaml, value))}]"
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value) or "''"
