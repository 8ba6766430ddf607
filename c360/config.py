"""The configuration tree of c360.yaml: every key, its type, its default and its meaning."""

import re
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from c360.activation import Activation, audience_problems
from c360.consent import ConsentRules
from c360.entities import MASTERING, EntityName, entities
from c360.probabilistic import Probabilistic
from c360.rules import Checks, Rules
from c360.section import Section

DECISION = "decision"
"""The namespace of what people joined: it stands before those of the configuration."""

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


def _is_regex(value: str) -> str:
    import duckdb

    try:
        duckdb.execute("select regexp_matches('', $pattern)", {"pattern": value}).fetchall()
    except duckdb.Error as error:
        msg = f"{value!r} is not a regular expression of RE2: {error}"
        raise ValueError(msg) from error
    return value


def _is_region(value: str) -> str:
    import phonenumbers

    if value not in phonenumbers.SUPPORTED_REGIONS:
        msg = f"{value!r} is no ISO 3166 code of a country with telephones, such as US or KZ"
        raise ValueError(msg)
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
"""A span such as `7d`, `12h` or `30m`."""
Name = Annotated[str, AfterValidator(_name)]
Pattern = Annotated[str, AfterValidator(_is_regex)]
Region = Annotated[str, AfterValidator(_is_region)]
MemoryLimit = Annotated[str, Field(pattern=r"^\d+(\.\d+)?\s*(%|[KMGT]i?B)$")]
Probability = Annotated[float, Field(ge=0, le=1)]
Expression = str
"""A column of the source, or a DuckDB expression over its columns."""


class HashKey(Section):
    """Where the key of the HMAC-SHA256 over raw identifiers comes from."""

    env: str | None = Field(default=None, description="environment variable that holds the key")
    file: Path | None = Field(default=None, description="file (mode 0600) that holds the key")

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.env is None) == (self.file is None):
            msg = "name either `env` or `file`"
            raise ValueError(msg)
        return self


class Identifier(Section):
    """A namespace of identifiers and what its values can prove."""

    strength: Literal["anchor", "contact", "trace"] = Field(
        description="anchors say who someone is, contacts how to reach them, traces where they were"
    )
    per_person: int | None = Field(
        default=None,
        ge=1,
        description="most values one customer may hold; anchors: 1 unless said otherwise",
    )
    all_of: tuple[str, ...] = Field(
        default=(), description="attributes that together make a match key"
    )
    normalise: Literal["email", "phone", "lower", "digits"] | None = None
    region: Region | None = Field(
        default=None, description="ISO 3166 country of phones without a country code"
    )
    hash: bool = Field(default=False, description="values are keyed-hashed when they leave bronze")
    visit: bool = Field(
        default=False, description="made anew for each visit: never counts towards generic"
    )
    ttl_days: int | None = Field(
        default=None, ge=1, description="older observations of a value than this do not link"
    )

    @property
    def limit(self) -> int | None:
        """The most values of the namespace that one customer may hold, or None for any number."""
        return 1 if self.per_person is None and self.strength == "anchor" else self.per_person

    @model_validator(mode="after")
    def _region_goes_with_phone(self) -> Self:
        if self.region is not None and self.normalise != "phone":
            msg = "`region` goes with `normalise: phone`"
            raise ValueError(msg)
        return self


class Guards(Section):
    """What keeps two people apart, and which values cannot stand for a person."""

    one_per_person: tuple[str, ...] = Field(
        default=(), description="attributes of which a person has one value"
    )
    generic_after: int = Field(
        default=50, ge=1, description="most values of one other namespace before a value is generic"
    )
    block: tuple[Pattern, ...] = Field(
        default=(),
        description="regular expressions of values to ignore, beside the built-in junk list",
    )


class Source(Section):
    """A feed: where it lies, its contract, and what its columns mean."""

    entity: EntityName = Field(description="canonical entity that the rows become")
    path: str = Field(description="file or glob, from the folder of c360.yaml")
    owner: str = Field(description="contract: who answers for the feed")
    grain: str = Field(description="contract: what one row is")
    key: Expression = Field(description="contract: what names a row")
    event_time: Expression | None = Field(
        description="contract: when it happened; null: no time is known but that of landing"
    )
    update: Literal["append", "upsert", "snapshot"] = Field(
        description="contract: rows are only added, replaced by key, or the feed is the whole truth"
    )
    lateness: Duration = Field(description="contract: how late a row may come")
    privacy: dict[str, Literal["pii", "sensitive", "public", "internal"]] = Field(
        description="contract: class of each column that is not internal"
    )
    replay: Literal["full", "from_watermark"] = Field(
        description="contract: what can be read again"
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
        default=None, description="true where a row says that its key is no more; needs upsert"
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


class Gates(Section):
    """The bands outside which a run is written but not published."""

    max_share_of_ids_changed: Probability | None = Field(
        default=None,
        description="share of the published customers that a run may merge, split, move or retire",
    )
    max_cluster_size: int | None = Field(
        default=None, ge=1, description="records of the largest customer"
    )
    max_merged: int | None = Field(default=None, ge=0, description="merges in one run")
    max_split: int | None = Field(default=None, ge=0, description="splits in one run")
    max_retired: int | None = Field(
        default=None, ge=0, description="customers whose records are all gone in one run"
    )


class Stewardship(Section):
    """How people decide."""

    two_person_above: float | None = Field(
        default=None, ge=0, description="impact in USD above which two stewards must agree"
    )


class Settings(Section):
    """The whole of c360.yaml."""

    name: Name
    as_of: datetime | None = Field(default=None, description="replay clock, UTC; without it, now")
    hash_key: HashKey | None = Field(
        default=None, description="without it, a key file made on the first run"
    )
    memory_limit: MemoryLimit = Field(
        default="60%", description="what DuckDB may use, as `8GB` or `60%` of the memory"
    )
    identifiers: dict[Name, Identifier] = Field(
        min_length=1, description="namespaces, strongest first: the order is the priority"
    )
    guards: Guards = Guards()
    sources: dict[Name, Source] = Field(min_length=1)
    rules: Rules = Rules()
    checks: Checks = Checks()
    gates: Gates = Gates()
    probabilistic: Probabilistic = Probabilistic()
    stewardship: Stewardship = Stewardship()
    consent: ConsentRules = ConsentRules()
    activation: dict[Name, Activation] = Field(
        default_factory=dict, description="audience: whom it may reach"
    )

    @model_validator(mode="before")
    @classmethod
    def _named_sections(cls, data: Any) -> Any:  # noqa: ANN401 - what YAML gives
        if not isinstance(data, dict):
            msg = "must be a mapping of keys"
            raise ValueError(msg)
        return data

    def mastering_sources(self) -> list[str]:
        """Return the sources whose records make a customer a known person."""
        return [name for name, source in self.sources.items() if source.entity in MASTERING]

    def cross_problems(self) -> list[str]:
        """Say where one part of the configuration names something that another part lacks."""
        attributes = {name for source in self.sources.values() for name in source.attributes}
        problems = [
            f"sources.{name}.identifiers.{namespace}: no such identifier"
            f" (`identifiers` has {', '.join(self.identifiers)})"
            for name, source in self.sources.items()
            for namespace in source.identifiers
            if namespace not in self.identifiers
        ]
        problems += [
            f"sources.{name}.identifiers.{namespace}: a match key is made of attributes"
            for name, source in self.sources.items()
            for namespace in source.identifiers
            if namespace in self.identifiers and self.identifiers[namespace].all_of
        ]
        if DECISION in self.identifiers:
            problems.append(f"identifiers.{DECISION}: people decide by it; take another name")
        problems += [
            f"identifiers.{name}.all_of: no source has an attribute {part!r}"
            for name, identifier in self.identifiers.items()
            for part in identifier.all_of
            if part not in attributes
        ]
        problems += [
            f"guards.one_per_person: no source has an attribute {part!r}"
            for part in self.guards.one_per_person
            if part not in attributes
        ]
        problems += [
            f"checks.freshness_hours.{name}: no such source (known: {', '.join(self.sources)})"
            for name in self.checks.freshness_hours
            if name not in self.sources
        ]
        problems += [
            f"probabilistic.{key}: no source has an attribute {name!r}, and it is no identifier"
            for key, names in (
                ("fields", self.probabilistic.fields),
                ("blocking", dict.fromkeys(chain(*self.probabilistic.blocking))),
            )
            for name in names
            if name not in attributes and name not in self.identifiers
        ]
        problems += [
            f"probabilistic.one_to_one: {name!r}: no such source (known: {', '.join(self.sources)})"
            for name in self.probabilistic.one_to_one
            if name not in self.sources
        ]
        problems += audience_problems(self.activation)
        return problems
