"""What the gold marts promise their readers, read from contracts/<mart>.yaml."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class PromisedColumn:
    """A column of a mart: its DuckDB type and what it means.

    A windowed column has the name that it gets from the default window.
    """

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Contract:
    """What a mart promises: its rows, columns and age. `version` rises when a reader must look."""

    mart: str
    version: int
    grain: str
    key: tuple[str, ...]
    owner: str
    freshness_hours: float
    columns: tuple[PromisedColumn, ...]


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


def _contract(mart: str, text: str) -> Contract:
    told = yaml.safe_load(text)
    columns = told.pop("columns")
    return Contract(
        mart=mart,
        key=tuple(told.pop("key")),
        columns=tuple(PromisedColumn(name, *what) for name, what in columns.items()),
        **told,
    )
