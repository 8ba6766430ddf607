"""Which cells of failing rows may be shown: ids and figures may, people's data may not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import duckdb

from c360.config import Settings
from c360.entities import entities
from c360.profile.conform import EMAIL, PHONE
from c360.profile.contracts import contracts
from c360.sources.quoting import name_sql, text_sql

MASK = "***"
"""What stands for a cell that is not shown; an empty cell stays empty."""
SHORT = 8
"""Characters that are left of a value that stands for a person, such as a hash."""

_SHORTENED = frozenset({"value", "identifier", "keyring", "first_keyring"})
_PLAIN = frozenset(
    {
        "source", "entity", "record_id", "customer_id", "other_customer_id", "metric", "mart",
        "column_name", "table_name", "file", "reason", "problem", "namespace", "attribute", "guard",
        "purpose", "relation", "segment", "audience", "status", "flag", "treatment", "batch_id",
        "told", "found", "key",
    }
)  # fmt: skip
"""Columns of text that c360 itself writes."""
_PERSONAL = frozenset(
    {
        "email", "phone", "mobile", "first_name", "last_name", "full_name", "name", "address",
        "street", "postcode", "zip", "date_of_birth", "dob", "birth_date", "birthday", "ip", "raw",
    }
)  # fmt: skip
"""Columns that are masked whatever their type, even where no contract classifies them."""

Treatment = Literal["shown", "id", "screened", "shortened", "masked"]
"""screened: shown but for what looks like an e-mail address or a telephone number; an id, which may
look like the latter, but for addresses."""


@dataclass(frozen=True, slots=True)
class MaskedColumn:
    """A column of failing rows and what becomes of its cells."""

    name: str
    treatment: Treatment


def masked_columns(
    con: duckdb.DuckDBPyConnection, sql: str, settings: Settings
) -> list[MaskedColumn]:
    """Return the columns of a SELECT, each with how it is masked."""
    described = con.execute(f"describe {sql}").fetchall()
    personal, known = _personal(settings), _known_text()
    return [
        MaskedColumn(name, _treatment(name.lower(), type_, personal, known))
        for name, type_, *_ in described
    ]


def _treatment(name: str, type_: str, personal: frozenset[str], known: frozenset[str]) -> Treatment:
    if name in personal:
        return "masked"
    if name in _SHORTENED:
        return "shortened"
    if name in _PLAIN or name in known or name.endswith("_id"):
        if type_ != "VARCHAR":
            return "shown"
        return "id" if name == "key" or name.endswith("_id") else "screened"
    # Text of unknown meaning, and what may hold text.
    is_plain = not any(part in type_ for part in ("VARCHAR", "BLOB", "JSON", "STRUCT", "MAP"))
    return "shown" if is_plain else "masked"


def _personal(settings: Settings) -> frozenset[str]:
    """Return the columns of people's data: classified, attributes, identifiers, free text."""
    names = set(_PERSONAL) | set(settings.identifiers)
    for source in settings.sources.values():
        names |= {column for column, kind in source.privacy.items() if kind in ("pii", "sensitive")}
        names |= set(source.attributes)
        if source.privacy.get(source.key) in ("pii", "sensitive"):
            names.add("record_id")
    names |= {
        column.name
        for mart in contracts().values()
        for column in mart.columns
        if column.classification in ("pii", "sensitive")
    }
    free = {c.name for e in entities().values() for c in e.columns if c.kind == "free_text"}
    return frozenset(name.lower() for name in names | free) - {"customer_id"}


def _known_text() -> frozenset[str]:
    """Return the columns whose meaning is known: canonical ones and those of the marts."""
    canonical = {column.name for entity in entities().values() for column in entity.columns}
    promised = {column.name for mart in contracts().values() for column in mart.columns}
    return frozenset(canonical | promised)


def masked_select(sql: str, columns: Sequence[MaskedColumn]) -> str:
    """Return a SELECT of the rows, masked."""
    cells = ", ".join(f"{_cell(column)} as {name_sql(column.name)}" for column in columns)
    return f"with failing as (\n{sql}\n)\nselect {cells} from failing"


def masked_sample(sql: str, columns: Sequence[MaskedColumn], most: int) -> str:
    """Return a SELECT of the first rows as (position, key, cells), cells as one JSON object."""
    pairs = ", ".join(f"{text_sql(column.name)}, {_cell(column)}" for column in columns)
    return (
        f"with failing as (\n{sql}\n)\n"
        f"select row_number() over () as position, {_cell(columns[0])} as key,"
        f" cast(json_object({pairs}) as varchar) as cells from failing limit {most}"
    )


def _cell(column: MaskedColumn) -> str:
    name = name_sql(column.name)
    text = f"cast({name} as varchar)"
    match column.treatment:
        case "shown":
            return text
        case "id":
            return _without(text, EMAIL)
        case "screened":
            return _without(_without(text, EMAIL), PHONE)
        case "shortened":
            return f"if(length({text}) > {SHORT}, left({text}, {SHORT}) || '…', {text})"
        case "masked":
            return f"if({name} is null, null, {text_sql(MASK)})"


def _without(text: str, pattern: str) -> str:
    return f"regexp_replace({text}, {text_sql(pattern)}, {text_sql(MASK)}, 'g')"
