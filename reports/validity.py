"""What the cells of silver may hold, and the SQL that finds those that cannot be right."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml

from c360.config import Settings
from c360.entities import entities
from c360.promises import ColumnPromise
from c360.sources.quoting import name_sql, text_sql

EMAIL_FORM = r"[^\s@]+@[^\s@]+\.[^\s@]+"


@cache
def built_in() -> dict[str, ColumnPromise]:
    """Return what valid.yaml says, by `entity.column`."""
    text = (files("c360.reports") / "valid.yaml").read_text(encoding="utf-8")
    return {name: ColumnPromise.model_validate(told) for name, told in yaml.safe_load(text).items()}


def promises_of(entity: str, settings: Settings) -> dict[str, ColumnPromise]:
    """Return what the columns of an entity may hold; the configuration stands above valid.yaml."""
    both = {**built_in(), **settings.checks.valid}
    prefix = f"{entity}."
    return {
        name.removeprefix(prefix): promise
        for name, promise in both.items()
        if name.startswith(prefix)
    }


def validity_problems(settings: Settings) -> list[str]:
    """Say which keys of `checks.valid` name no canonical column."""
    known = {f"{e.name}.{c.name}" for e in entities().values() for c in e.columns}
    return [
        f"checks.valid.{name}: no canonical column (write it as entity.column, such as"
        " loyalty_accounts.tier)"
        for name in settings.checks.valid
        if name not in known
    ]


def invalid_sql(column: str, promise: ColumnPromise) -> str:
    """Return the condition of a filled cell that cannot be right; `false` where any may be.

    >>> invalid_sql("csat", ColumnPromise(between=(1, 5)))
    '("csat" is not null and not ("csat" between 1 and 5))'
    """
    name = name_sql(column)
    text = f"cast({name} as varchar)"
    kept = []
    if promise.values:
        words = ", ".join(text_sql(word.lower()) for word in promise.values)
        kept.append(f"lower(trim({text})) in ({words})")
    if promise.between is not None:
        low, high = promise.between
        kept.append(f"{name} between {low:g} and {high:g}")
    if promise.matches is not None:
        kept.append(f"regexp_full_match(trim({text}), {text_sql(promise.matches)})")
    if promise.format == "email":
        kept.append(f"regexp_full_match(trim({text}), {text_sql(EMAIL_FORM)})")
    if promise.max_length is not None:
        kept.append(f"length({text}) <= {promise.max_length}")
    if not kept:
        return "false"
    # Blank is empty: what asks for a value is `required`.
    filled = f"{name} is not null"
    if promise.values or promise.matches or promise.format:
        filled = f"trim({text}) <> ''"
    return f"({filled} and not ({' and '.join(kept)}))"


def empty_sql(column: str, promise: ColumnPromise) -> str:
    """Return the condition of a cell that is empty and must not be."""
    if not promise.required:
        return "false"
    return f"nullif(trim(cast({name_sql(column)} as varchar)), '') is null"


def any_sql(conditions: Sequence[str]) -> str:
    """Return the condition that one of these holds."""
    return " or ".join(each for each in conditions if each != "false") or "false"


def invalid_rows_sql(entity: str, promises: Mapping[str, ColumnPromise]) -> str:
    """Return the SELECT of the rows of an entity with a wrong cell, and which column it is."""
    problems = ", ".join(
        f"case when {any_sql([empty_sql(column, promise), invalid_sql(column, promise)])}"
        f" then {text_sql(column)} end"
        for column, promise in promises.items()
    )
    # No `concat_ws`: it would need text of no column at all where an entity has no rules.
    told = f"concat_ws(', ', {problems})" if problems else "''"
    return (
        f"select record_id, source, {told} as column_name\n"
        f"from silver.{entity}\nwhere {told} <> ''\norder by source, record_id"
    )
