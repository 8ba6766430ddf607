"""What the gold marts promise their readers, read from contracts/<mart>.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from c360.config import Settings
from c360.profile.activation import activation_table, activation_tables
from c360.profile.windows import window_names
from c360.promises import MartPromise
from c360.rules import Rules

Classification = Literal["internal", "pii", "sensitive", "public"]


@dataclass(frozen=True, slots=True)
class PromisedColumn:
    """A column of a mart: its DuckDB type and what it means.

    A windowed column has the name that it gets from the default window. `values` are the only ones
    there are, `between` the least and the greatest; `required`: it is never null. What
    column_promises.yaml says of a name holds in every mart that has it.
    """

    name: str
    type: str
    meaning: str
    classification: Classification = "internal"
    required: bool = False
    values: tuple[str, ...] = ()
    between: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """What a mart promises: its rows, columns and age. `version` rises when a reader must look.

    `is_served`: applications look rows up, so that both consents must stand in each.
    """

    mart: str
    version: int
    grain: str
    key: tuple[str, ...]
    owner: str
    freshness_hours: float
    columns: tuple[PromisedColumn, ...]
    is_served: bool = False


@cache
def contracts() -> dict[str, Contract]:
    """Return every contract by the name of its mart, without the schema."""
    folder = files("c360.profile") / "contracts"
    texts = {
        path.name.removesuffix(".yaml"): path.read_text(encoding="utf-8")
        for path in folder.iterdir()
        if path.name.endswith(".yaml")
    }
    return {mart: _contract(mart, texts[mart]) for mart in sorted(texts)}


def promised(settings: Settings) -> dict[str, Contract]:
    """Return what the marts of a workspace promise, by mart.

    Windowed columns have the names of its windows, every audience is a mart, and what `contracts`
    of the configuration says stands in place of what is shipped.
    """
    shipped = contracts()
    candidates = shipped[activation_table("candidates")]
    audiences = {mart: replace(candidates, mart=mart) for mart in activation_tables(settings)}
    return {
        mart: _as_configured(contract, settings.rules, settings.contracts.get(mart, MartPromise()))
        for mart, contract in sorted((shipped | audiences).items())
    }


def _as_configured(contract: Contract, rules: Rules, told: MartPromise) -> Contract:
    shipped, here = window_names(Rules()), window_names(rules)
    renamed = {shipped[name]: here[name] for name in shipped}
    columns = tuple(replace(c, name=renamed.get(c.name, c.name)) for c in contract.columns)
    return replace(contract, columns=columns, **told.model_dump(exclude_none=True))


@cache
def _promised_by_name() -> Mapping[str, dict[str, Any]]:
    """Return what holds of a column wherever it stands, by its name."""
    text = (files("c360.profile") / "column_promises.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return loaded


def _contract(mart: str, text: str) -> Contract:
    told = yaml.safe_load(text)
    key = tuple(told.pop("key"))
    columns = told.pop("columns")
    return Contract(
        mart=mart,
        key=key,
        columns=tuple(_column(name, what, is_key=name in key) for name, what in columns.items()),
        **told,
    )


def _column(name: str, what: list[Any], *, is_key: bool) -> PromisedColumn:
    type_, meaning, *more = what
    told: dict[str, Any] = {**_promised_by_name().get(name, {}), **dict(*more)}
    for listed in ("values", "between"):
        if listed in told:
            told[listed] = tuple(told[listed])
    if is_key:
        told["required"] = True
    return PromisedColumn(name, type_, meaning, **told)
