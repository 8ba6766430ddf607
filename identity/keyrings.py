"""Which identifiers each record carries: records become keyrings, keyrings become observations."""

from importlib.resources import files

import duckdb
import phonenumbers

from c360.config import Identifier, Settings, Source
from c360.identity.junk import install_junk
from c360.identity.secret import install_hmac, needs_key, read_key
from c360.sources.mapping import event_time_sql, expression_sql, record_id_sql
from c360.step import Context, run_model

UNIT_SEPARATOR = "chr(31)"
RECORD_SEPARATOR = "chr(30)"
"""Control characters of ASCII made for this, which no value holds by accident."""

_TABLES = {
    # A record and the set of identifiers that it carries.
    "identity.record": "source varchar, record_id varchar, keyring uuid, event_time timestamp",
    # A guard attribute of a keyring: a person has one value of each.
    "identity.keyring_attribute": "keyring uuid, attribute varchar, value varchar",
    # A keyring in a source.
    "identity.sighting": "keyring uuid, source varchar, records bigint, first_seen timestamp,"
    " last_seen timestamp",
    # A raw value of a keyring, until it is checked for junk and hashed.
    "temp.carried": "keyring uuid, namespace varchar, value varchar",
}


def build_records(context: Context) -> None:
    """Write identity.record, sighting, keyring, keyring_attribute and observation.

    Reads the rows in force of every source that has identifiers. A keyring is a keyed digest of the
    identifiers and guard attributes that a record carries, so equal sets are one node.
    """
    con, settings = context.con, context.settings
    install_macros(context)
    for table, columns in _TABLES.items():
        kind = "temp table" if table.startswith("temp.") else "table"
        con.execute(f"create or replace {kind} {table.removeprefix('temp.')} ({columns})")
    for name, source in settings.sources.items():
        if _identifier_sql(settings, source):
            _sight(con, settings, name, source)
    parameters = {"hashed": [name for name, each in settings.identifiers.items() if each.hash]}
    for table in ("identity.keyring", "identity.observation"):
        run_model("identity", table, context, parameters)


def sighted_sql(settings: Settings, name: str, source: Source) -> str:
    """Return the SELECT that gives each record of a source its key, time, identifiers and keyring.

    Identifier columns are named `id:<namespace>` and hold a sorted list where the source has
    several columns for it; guard attributes are named `at:<attribute>`.
    """
    carried = {f"id:{n}": sql for n, sql in _identifier_sql(settings, source).items()}
    carried |= {
        f"at:{attribute}": f"normalise_text({expression_sql(source.attributes[attribute])})"
        for attribute in settings.guards.one_per_person
        if attribute in source.attributes
    }
    columns = ",\n    ".join(f'{sql} as "{column}"' for column, sql in carried.items())
    parts = ",\n    ".join(
        f"'{column}=' || {_text_of(column, source)}" for column in sorted(carried)
    )
    return f"""
with row as (
  select
    {record_id_sql(source)} as record_id,
    {event_time_sql(source)} as event_time,
    {columns}
  from bronze."{name}__current"
)
select
  *,
  digest(concat_ws(
    {RECORD_SEPARATOR},
    getvariable('keyring_salt'),
    {parts}
  )) as keyring
from row"""


def _sight(con: duckdb.DuckDBPyConnection, settings: Settings, name: str, source: Source) -> None:
    """Add the records of a source, and what its keyrings carry that no other source had."""
    con.execute(
        f"create or replace temp table sighted as {sighted_sql(settings, name, source)}"
    ).fetchall()
    con.execute(
        "insert into identity.record"
        " select $source, record_id, keyring, event_time from temp.sighted",
        {"source": name},
    ).fetchall()
    columns = [
        (column, type_)
        for column, type_, *_ in con.execute("describe temp.sighted").fetchall()
        if column.startswith(("id:", "at:"))
    ]
    values = ", ".join(f'any_value("{column}") as "{column}"' for column, _ in columns)
    con.execute(
        "create or replace temp table sighted_keyring as select keyring, count(*) as records,"
        f" min(event_time) as first_seen, max(event_time) as last_seen, {values},"
        " keyring in (select sighting.keyring from identity.sighting) as is_known"
        " from temp.sighted group by keyring"
    ).fetchall()
    con.execute(
        "insert into identity.sighting select keyring, $source, records, first_seen, last_seen"
        " from temp.sighted_keyring",
        {"source": name},
    ).fetchall()
    for column, type_ in columns:
        kind, _, carried = column.partition(":")
        target = "temp.carried" if kind == "id" else "identity.keyring_attribute"
        value = f'unnest("{column}")' if type_.endswith("[]") else f'"{column}"'
        con.execute(
            f"insert into {target} select keyring, $carried, {value} from temp.sighted_keyring"
            f' where not is_known and "{column}" is not null',
            {"carried": carried},
        ).fetchall()


def _text_of(column: str, source: Source) -> str:
    is_list = not isinstance(source.identifiers.get(column.removeprefix("id:"), ""), str)
    return f'array_to_string("{column}", {UNIT_SEPARATOR})' if is_list else f'"{column}"'


def _identifier_sql(settings: Settings, source: Source) -> dict[str, str]:
    """Return the SQL of each namespace that the source carries, match keys included."""
    found = {}
    for namespace, identifier in settings.identifiers.items():
        if set(identifier.all_of) and set(identifier.all_of) <= source.attributes.keys():
            parts = [
                f"normalise_text({expression_sql(source.attributes[p])})" for p in identifier.all_of
            ]
            # || and not concat_ws: a match key exists only where all its parts do.
            found[namespace] = f" || {UNIT_SEPARATOR} || ".join(parts)
        elif namespace in source.identifiers:
            carried = source.identifiers[namespace]
            if isinstance(carried, str):
                found[namespace] = _normalised(identifier, carried)
            else:
                values = ", ".join(_normalised(identifier, each) for each in carried)
                found[namespace] = (
                    f"nullif(list_sort(list_distinct(list_filter([{values}],"
                    " lambda v: v is not null))), [])"
                )
    return found


def _normalised(identifier: Identifier, expression: str) -> str:
    value = expression_sql(expression)
    if identifier.normalise == "phone":
        code = phonenumbers.country_code_for_region(identifier.region or "ZZ")
        return f"normalise_phone({value}, '{code or ''}')"
    return f"normalise_{identifier.normalise or 'plain'}({value})"


def install_macros(context: Context) -> None:
    """Define the session's macros and the junk list."""
    con, settings = context.con, context.settings
    text = (files("c360.identity") / "sql" / "macros.sql").read_text(encoding="utf-8")
    for statement in text.split(";\n"):
        if statement.strip():
            con.execute(statement)
    install_junk(con, settings.guards.block)
    key = read_key(settings, context.workspace) if needs_key(settings) else b""
    install_hmac(con, key)
    con.execute("set variable keyring_salt = $salt", {"salt": key.hex()})
