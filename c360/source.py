"""A source of the configuration: where a feed lies, its contract, and what its columns mean."""

import re
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from c360.entities import EntityName, entities
from c360.promises import ColumnPromise, OnDrift
from c360.section import Section

_DURATION = re.compile(r"^\s*(\d+)\s*(d|h|m)\s*$")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def _duration(value: object) -> object:
    match = _DURATION.match(value) if isinstance(value, str) else None
    if match is None and isinstance(value, str) and not value.startswith("P"):  # ISO 8601
        msg = f"{value!r} is no span; write days, hours or minutes as 7d, 12h or 30m"
        raise ValueError(msg)
    return timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else value


def _name(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", value):
        msg = "must be lower case letters, digits and _, beginning with a letter"
        raise ValueError(msg)
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
"""A span such as `7d`, `12h` or `30m`."""
Name = Annotated[str, AfterValidator(_name)]
Expression = str
"""A column of the source, or a DuckDB expression over its columns."""


class Source(Section):
    """A feed: where it lies, its contract, and what its columns mean."""

    entity: EntityName = Field(description="canonical entity that the rows become")
    path: str = Field(
        description="file or glob (`*`, `?`, `[…]`, `**`), from the folder of `c360.yaml`"
    )
    owner: str = Field(description="contract: who answers for the feed")
    grain: str = Field(description="contract: what one row is")
    key: Expression = Field(description="contract: what names a row")
    event_time: Expression | None = Field(
        description="contract: when it happened; null: no time is known but that of landing"
    )
    update: Literal["append", "upsert", "snapshot"] = Field(
        description="contract: rows are only added, replaced by key, or the feed is all there is"
    )
    lateness: Duration = Field(description="contract: how late a row may come")
    privacy: dict[str, Literal["pii", "sensitive", "public", "internal"]] = Field(
        description="contract: class of each column that is not internal"
    )
    replay: Literal["full", "from_watermark"] = Field(
        description="contract: what can be read again"
    )
    columns: dict[str, ColumnPromise] = Field(
        default_factory=dict,
        description="contract: column: what each value of it keeps; a row that does not is"
        " rejected. See [contracts.md](contracts.md)",
    )
    version: int = Field(default=1, ge=1, description="contract: its version, for its readers")
    on_drift: OnDrift = Field(
        default="evolve",
        description="what becomes of a feed with other columns than before: taken and told,"
        " refused, or rows with a value in a new column rejected",
    )
    format: Literal["csv", "jsonl", "parquet"] | None = Field(
        default=None, description="else told by the file's name"
    )
    identifiers: dict[str, Expression | tuple[Expression, ...]] = Field(
        default_factory=dict, description="namespace: the column (or columns) that carry it"
    )
    attributes: dict[Name, Expression] = Field(
        default_factory=dict, description="attribute of a person: the column that carries it"
    )
    select: dict[str, Expression] = Field(
        default_factory=dict, description="canonical column: expression over the source's columns"
    )
    collapse: dict[str, Expression] = Field(
        default_factory=dict,
        description="where rows share the key: column: aggregate expression that makes them one",
    )

    deleted: Expression | None = Field(
        default=None, description="true where a row says that its key is no more; needs `upsert`"
    )

    @model_validator(mode="after")
    def _deletes_what_is_upserted(self) -> Self:
        if self.deleted is not None and (self.update != "upsert" or self.collapse):
            msg = "`deleted` goes with `update: upsert` and without `collapse`"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _selects_canonical_columns(self) -> Self:
        known = [column.name for column in entities()[self.entity].columns]
        if unknown := sorted(set(self.select) - set(known)):
            msg = (
                f"select: {', '.join(unknown)}: no column of {self.entity!r}"
                f" (it has {', '.join(known)})"
            )
            raise ValueError(msg)
        return self
