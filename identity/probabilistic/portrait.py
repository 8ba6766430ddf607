"""One row per owner with a column per field, as Splink compares them; first names also in full."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import duckdb

from c360.identity.probabilistic.fields import CompareField
from c360.warehouse import fill_table

if TYPE_CHECKING:
    from nicknames import NickNamer


def build_portraits(
    con: duckdb.DuckDBPyConnection, values: str, owners: str, fields: Sequence[CompareField]
) -> None:
    """Write temp.portrait from a table of values.

    Args:
        con: Where the values are.
        values: Table with owner (integer), field, value and place.
        owners: A condition over `owner`.
        fields: The compared fields.

    Columns: unique_id, and per field its first value in `value_<field>` and the others, if there
    are any, in `more_<field>`; of a first name also `formal_<field>`, the names that it may be
    short for. Grain: (unique_id). The prefixes let a field be named by a word of SQL.
    """
    columns = [
        column
        for field in fields
        for column in (
            f"any_value(value) filter (field = '{field.name}' and place = 1) as value_{field.name}",
            f"list(value order by place) filter (field = '{field.name}' and place > 1)"
            f" as more_{field.name}",
        )
    ]
    con.execute(
        f"create or replace temp table portrait as select owner as unique_id, {', '.join(columns)}"
        f" from {values} where {owners} group by owner order by owner"
    ).fetchall()
    first, _ = name_fields(fields)
    if first is not None:
        _add_formal_names(con, first)


def name_fields(fields: Iterable[CompareField]) -> tuple[str | None, str | None]:
    """Return the fields that hold first and last names."""
    by_type = {field.type: field.name for field in fields}
    return by_type.get("first_name"), by_type.get("last_name")


def _add_formal_names(con: duckdb.DuckDBPyConnection, first: str) -> None:
    """Add the names that a first name may be short for, itself included."""
    named = (
        f"select unique_id, unnest(list_prepend(value_{first}, coalesce(more_{first}, []))) as name"
        f" from temp.portrait where value_{first} is not null"
    )
    names = con.execute(f"select distinct name from ({named}) order by name").fetchall()
    fill_table(
        con,
        "temp.formal_name",
        {"name": "varchar", "formal": "varchar"},
        [(name, formal) for (name,) in names for formal in formal_names(name)],
    )
    con.execute(
        f"create or replace temp table portrait as with formal as ("
        f" select unique_id, list(distinct formal) as formals from ({named})"
        " join temp.formal_name using (name) group by unique_id)"
        f" select portrait.*, list_sort(formal.formals) as formal_{first}"
        " from temp.portrait left join formal using (unique_id) order by unique_id"
    ).fetchall()


def formal_names(name: str) -> list[str]:
    """Return the names that a first name may be short for, and itself, sorted.

    >>> formal_names("bob")
    ['bert', 'bob', 'bobby', 'robert']
    """
    return sorted({name, *_nicknames().canonicals_of(name)})


@cache
def _nicknames() -> "NickNamer":
    from nicknames import NickNamer

    return NickNamer()
