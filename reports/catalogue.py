"""The quality checks in words and the columns that the marts promise, read from YAML."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from c360.check_rules import Severity
from c360.rules import Rules

Unit = Literal["count", "share", "hours", "usd"]


@dataclass(frozen=True, slots=True)
class CheckText:
    """What a check's figure means, and what to do when it warns or fails.

    `severity` is what a breach means unless the configuration says otherwise. `tables` are those
    that it speaks of. `is_counted`: the figure is the number of its failing rows, of which
    `sql/failing/<metric>.sql` has the SELECT, or their share of the table `of`.
    """

    meaning: str
    remedy: str
    severity: Severity = "error"
    unit: Unit = "count"
    tables: tuple[str, ...] = ()
    is_counted: bool = False
    of: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Checks that answer one question; `checks` is by metric, in the order of reading.

    A metric such as `{source}_reject_share` stands for one check per source.
    """

    name: str
    title: str
    question: str
    checks: dict[str, CheckText]


@cache
def families() -> tuple[Family, ...]:
    """Return every family of checks in the order of the report."""
    return tuple(
        Family(
            name=name,
            title=entry["title"],
            question=entry["question"],
            checks={metric: _text_of(told) for metric, told in entry["checks"].items()},
        )
        for name, entry in yaml.safe_load(_text("checks.yaml")).items()
    )


def family(name: str) -> Family:
    """Return the family of that name; KeyError where there is none."""
    return {each.name: each for each in families()}[name]


def contract(rules: Rules) -> list[tuple[str, str, str]]:
    """Return (metric, table, column) of every column that a mart promises."""
    return [
        (metric, table, column.format(**rules.model_dump()))
        for metric, tables in yaml.safe_load(_text("contract.yaml")).items()
        for table, columns in tables.items()
        for column in columns
    ]


def _text_of(told: dict[str, Any]) -> CheckText:
    return CheckText(**{**told, "tables": tuple(told.get("tables", ()))})


def _text(name: str) -> str:
    return (files("c360.reports") / name).read_text(encoding="utf-8")
