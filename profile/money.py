"""Amounts in dollars: which columns are converted, and at which rate."""

from c360.entities import Column, Entity
from c360.source import Source

DOLLARS = "_usd"
"""What the name of an amount in US dollars ends in."""

RATES = (
    "silver.rate_day as rate on rate.currency = upper(trim(record.currency))"
    " and rate.day = cast(record.event_time as date) and record.event_time >= rate.since"
    " and (rate.until is null or record.event_time < rate.until)"
)


def rate_of(entity: Entity, source: Source) -> str:
    """Return SQL for the US dollars that one unit of a row's currency is worth; null: unknown.

    A row of an entity with a parent is in the currency of the parent, where it names none.
    """
    own = ""
    if not any(column.name == "usd_rate" for column in entity.columns):
        return "parent.usd_rate" if _is_of_parent(entity, source) else "1"
    if "currency" in source.select:
        given = "record.usd_rate, " if "usd_rate" in source.select else ""
        own = (
            "when upper(trim(record.currency)) = 'USD' then 1"
            f" when trim(record.currency) <> '' then coalesce({given}rate.usd)"
        )
    elif "usd_rate" in source.select:
        own = "when record.usd_rate is not null then record.usd_rate"
    otherwise = "parent.usd_rate" if _is_of_parent(entity, source) else "1"
    return f"case {own} else {otherwise} end" if own else otherwise


def in_dollars(entity: Entity, source: Source, column: Column) -> str:
    """Return SQL for a column of the conformed row: converted, where it has to be."""
    plain = column.name.removesuffix(DOLLARS)
    if column.name == "usd_rate" and "parent" not in rate_of(entity, source):
        return f"cast({rate_of(entity, source)} as {column.type})"
    if column.name.endswith(DOLLARS) and plain in _converted(entity, source):
        return f"cast(record.{plain} * ({rate_of(entity, source)}) as {column.type})"
    return f"record.{column.name}"


def is_convertible(entity: Entity, source: Source) -> str:
    """Return the condition for rows whose currency is known, or that have nothing to convert."""
    amounts = _converted(entity, source)
    if not amounts or "currency" not in source.select:
        return "true"
    nothing = " and ".join(f"record.{name} is null" for name in amounts)
    return (
        f"(({rate_of(entity, source)}) is not null"
        f" or coalesce(trim(record.currency), '') = '' or ({nothing}))"
    )


def _converted(entity: Entity, source: Source) -> list[str]:
    """Return the amounts that a source tells in the currency of the row alone."""
    names = {column.name for column in entity.columns}
    return [
        name
        for name in source.select
        if f"{name}{DOLLARS}" in names and f"{name}{DOLLARS}" not in source.select
    ]


def _is_of_parent(entity: Entity, source: Source) -> bool:
    return entity.parent is not None and bool(_converted(entity, source))
