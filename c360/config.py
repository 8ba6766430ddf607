"""The configuration tree of c360.yaml: every key, its type, its default and its meaning."""

from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from c360.activation import Activation, audience_problems
from c360.check_rules import Checks, check_problems
from c360.consent import ConsentRules
from c360.consumers import Consumer, consumer_problems
from c360.entities import MASTERING
from c360.probabilistic import Probabilistic
from c360.promises import MartPromise, Pattern
from c360.rules import Rules
from c360.section import Section
from c360.source import Name, Source
from c360.telemetry import Telemetry

DECISION = "decision"
"""The namespace of what people joined: it stands before those of the configuration."""


def _is_region(value: str) -> str:
    import phonenumbers

    if value not in phonenumbers.SUPPORTED_REGIONS:
        msg = f"{value!r} is no ISO 3166 code of a country with telephones, such as US or KZ"
        raise ValueError(msg)
    return value


Region = Annotated[str, AfterValidator(_is_region)]
MemoryLimit = Annotated[str, Field(pattern=r"^\d+(\.\d+)?\s*(%|[KMGT]i?B)$")]
Probability = Annotated[float, Field(ge=0, le=1)]


class HashKey(Section):
    """Where the key of the HMAC-SHA256 over raw identifiers comes from."""

    env: str | None = Field(
        default=None,
        description="environment variable that holds the key; name either `env` or `file`",
    )
    file: Path | None = Field(
        default=None,
        description="file (mode 0600) that holds the key, from the folder of `c360.yaml`",
    )

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
        default=(),
        description="attributes that together make a match key; sources that map all of them"
        " carry it",
    )
    normalise: Literal["email", "phone", "lower", "digits"] | None = Field(
        default=None, description="how values are made comparable"
    )
    region: Region | None = Field(
        default=None,
        description="ISO 3166 country of phones without a country code: `US`; goes with"
        " `normalise: phone`",
    )
    hash: bool = Field(default=False, description="values are keyed-hashed when they leave bronze")
    visit: bool = Field(
        default=False, description="made anew for each visit: never counts towards generic"
    )
    ttl_days: int | None = Field(
        default=None,
        ge=1,
        description="an observation that is so many days older than the latest of its value does"
        " not link",
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


class Gates(Section):
    """The bands outside which a run is written but not published."""

    max_share_of_ids_changed: Probability | None = Field(
        default=None,
        description="customers that were merged away, split, gave records to another or were"
        " retired, as a share of those published last",
    )
    max_cluster_size: int | None = Field(
        default=None, ge=1, description="records of the largest customer"
    )
    max_merged: int | None = Field(
        default=None, ge=0, description="rows of `identity.change` of kind `merged`"
    )
    max_split: int | None = Field(default=None, ge=0, description="likewise `split`")
    max_retired: int | None = Field(
        default=None,
        ge=0,
        description="likewise `retired`: a `snapshot` that was cut short retires many",
    )


class Stewardship(Section):
    """How people decide."""

    two_person_above: float | None = Field(
        default=None, ge=0, description="impact in USD above which two stewards must agree"
    )


class Settings(Section):
    """The whole of c360.yaml."""

    name: Name = Field(
        description="what the workspace is called; names are lower case letters, digits and `_`,"
        " beginning with a letter"
    )
    as_of: datetime | None = Field(
        default=None,
        description="replay clock, UTC: the only now; without it, the clock. `--as-of` comes"
        " before it",
    )
    hash_key: HashKey | None = Field(
        default=None,
        description="where the key of the HMAC-SHA256 over raw identifiers is; without it, in"
        " `.c360.key`, made when needed",
    )
    memory_limit: MemoryLimit = Field(
        default="60%",
        description="what DuckDB may use, as `8GB` or `60%` of the memory; what does not fit goes"
        " to `c360.duckdb.tmp`",
    )
    identifiers: dict[Name, Identifier] = Field(
        min_length=1, description="namespaces, strongest first: the order is the priority"
    )
    guards: Guards = Guards()
    sources: dict[Name, Source] = Field(min_length=1, description="the feeds")
    rules: Rules = Rules()
    checks: Checks = Checks()
    consumers: dict[Name, Consumer | None] = Field(
        default_factory=dict, description="consumer: what it reads, and how old that may be"
    )
    gates: Gates = Gates()
    probabilistic: Probabilistic = Field(
        default=Probabilistic(),
        description="[probable matches](probable-matches.md), which Splink proposes for the review"
        " queue",
    )
    stewardship: Stewardship = Stewardship()
    telemetry: Telemetry = Telemetry()
    consent: ConsentRules = ConsentRules()
    activation: dict[Name, Activation] = Field(
        default_factory=dict, description="audience: whom it may reach"
    )
    contracts: dict[Name, MartPromise] = Field(
        default_factory=dict, description="mart: what is promised here in place of its contract"
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
        problems += check_problems(self.checks, self.sources)
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
        problems += consumer_problems(self.consumers)
        return problems
