"""Which identifiers a record carries: the SQL that turns the rows of a source into keyrings."""

from c360.config import Settings
from c360.source import Source
from c360.sources.mapping import event_time_sql, record_id_sql
from c360.sources.normalise import attribute_sql, normalised_sql

UNIT_SEPARATOR = "chr(31)"
RECORD_SEPARATOR = "chr(30)"
"""Control characters of ASCII made for this, which no value holds by accident."""


def sighted_sql(
    settings: Settings,
    name: str,
    source: Source,
    rows: str = "true",
    *,
    is_pinned: bool = False,
) -> str:
    """Return the SELECT that gives each record of a source its key, time, identifiers and keyring.

    A keyring is a keyed digest of all that a record carries, so equal sets are one. Identifier
    columns are named `id:<namespace>` and hold a sorted list where the source has several columns
    for it; guard attributes are named `at:<attribute>`. `rows` is a condition over the rows. Where
    the source is pinned, what temp.pin says of a record is part of what it carries.
    """
    carried = {f"id:{n}": sql for n, sql in identifier_sql(settings, source).items()}
    carried |= {
        f"at:{attribute}": attribute_sql(source.attributes[attribute])
        for attribute in settings.guards.one_per_person
        if attribute in source.attributes
    }
    columns = ",\n    ".join(f'{sql} as "{column}"' for column, sql in carried.items())
    told = [f"'{column}=' || {_text_of(column, source)}" for column in sorted(carried)]
    if is_pinned:
        told.append("'pin=' || pin")
    parts = ",\n    ".join(told)
    return f"""
with row as (
  select
    {record_id_sql(source)} as record_id,
    {event_time_sql(source)} as event_time,
    {columns}
  from bronze."{name}__current"
  where {rows}
)
select
  *,
  digest(concat_ws(
    {RECORD_SEPARATOR},
    getvariable('keyring_salt'),
    {parts}
  )) as keyring
from row{" left join temp.pin using (record_id)" if is_pinned else ""}"""


def _text_of(column: str, source: Source) -> str:
    is_list = not isinstance(source.identifiers.get(column.removeprefix("id:"), ""), str)
    return f'array_to_string("{column}", {UNIT_SEPARATOR})' if is_list else f'"{column}"'


def identifier_sql(settings: Settings, source: Source) -> dict[str, str]:
    """Return the SQL of each namespace that the source carries, match keys included."""
    found = {}
    for namespace, identifier in settings.identifiers.items():
        if set(identifier.all_of) and set(identifier.all_of) <= source.attributes.keys():
            parts = [attribute_sql(source.attributes[p]) for p in identifier.all_of]
            # || and not concat_ws: a match key exists only where all its parts do.
            found[namespace] = f" || {UNIT_SEPARATOR} || ".join(parts)
        elif namespace in source.identifiers:
            carried = source.identifiers[namespace]
            if isinstance(carried, str):
                found[namespace] = normalised_sql(identifier, carried)
            else:
                values = ", ".join(normalised_sql(identifier, each) for each in carried)
                found[namespace] = (
                    f"nullif(list_sort(list_distinct(list_filter([{values}],"
                    " lambda v: v is not null))), [])"
                )
    return found
