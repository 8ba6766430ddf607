"""What the rows of a list carry, and which customers it leads to: identifiers first, and guards."""

from c360.errors import C360Error
from c360.identity.probabilistic.fields import CompareField
from c360.identity.probabilistic.values import is_plain, set_fields, value_sql
from c360.identity.records import install_macros
from c360.identity.secret import needs_key
from c360.sources.normalise import normalised_sql
from c360.step import Context, read_sql, run_model
from c360.warehouse import create_tables, fill_table

MOST_NAMED = 5
"""Customers that are named of those that share a value."""

_TABLES = {
    "temp.match_identifier": "number integer, place integer, identifier uuid, value varchar",
    "temp.match_value": "number integer, field varchar, value varchar",
}


def build_evidence(context: Context, fields: tuple[CompareField, ...]) -> None:
    """Write what the rows of temp.listed_value carry.

    temp.match_identifier (number, place, identifier, value) and temp.match_known: identifiers, by
    the place of their namespace; what is junk is none. temp.match_pointer: the customers that they
    lead to. temp.match_attribute (number, attribute, value): attributes as guards and match keys
    have them. temp.match_value (number, field, value): as `fields` are compared.

    Raises:
        C360Error: the key of hashed values is gone.
    """
    _require_key(context, fields)
    install_macros(context)
    set_fields(context, fields)
    create_tables(context.con, _TABLES)
    _set_namespaces(context)
    context.con.execute(
        "create or replace temp table match_attribute as select number, attribute, value from ("
        " select number, field as attribute, normalise_attribute(value) as value"
        " from temp.listed_value) where value is not null"
    ).fetchall()
    _take_identifiers(context)
    for table in ("match_known", "match_pointer"):
        run_model("identity", f"temp.{table}", context, {"most": MOST_NAMED})
    _take_values(context, fields)


def build_guards(context: Context) -> None:
    """Write temp.match_guard: what stands between the rows and customers of temp.match_pair."""
    run_model("identity", "temp.match_guard", context, {})


def _require_key(context: Context, fields: tuple[CompareField, ...]) -> None:
    """Refuse to go on where a new key would be made, by which nothing is found."""
    settings, file = context.settings, context.workspace.key_file
    is_needed = needs_key(settings) or not all(is_plain(settings, field) for field in fields)
    if is_needed and settings.hash_key is None and not file.exists():
        msg = f"{file} is not there; restore it: hashed values are found by this key alone"
        raise C360Error(msg)


def _set_namespaces(context: Context) -> None:
    settings = context.settings
    fill_table(
        context.con,
        "temp.match_namespace",
        {"place": "integer", "namespace": "varchar", "strength": "varchar"},
        [
            (place, name, each.strength)
            for place, (name, each) in enumerate(settings.identifiers.items(), start=1)
        ],
    )
    limits = [
        *((name, each.limit, False) for name, each in settings.identifiers.items() if each.limit),
        *((name, 1, True) for name in settings.guards.one_per_person),
    ]
    fill_table(
        context.con,
        "temp.match_limit",
        {"place": "integer", "guard": "varchar", "most": "integer", "is_attribute": "boolean"},
        [(place, *each) for place, each in enumerate(limits, start=1)],
    )


def _take_identifiers(context: Context) -> None:
    """Write temp.match_identifier, with the digests that identity.carried.py makes."""
    for place, (name, each) in enumerate(context.settings.identifiers.items(), start=1):
        if each.all_of:
            carried = read_sql("identity", "temp.match_key")
            asked: dict[str, object] = {"parts": list(each.all_of)}
        else:
            value = normalised_sql(each, "value")
            carried = f"select number, {value} as value from temp.listed_value where field = $field"
            asked = {"field": name}
        context.con.execute(
            "insert into temp.match_identifier select number, $place, digest(concat_ws(chr(31),"
            " $namespace, case when $is_hashed then getvariable('keyring_salt') end, value)), value"
            f" from ({carried}) where value is not null and not is_junk(value)",
            {"place": place, "namespace": name, "is_hashed": each.hash, **asked},
        ).fetchall()


def _take_values(context: Context, fields: tuple[CompareField, ...]) -> None:
    con = context.con
    for field in fields:
        if not field.is_namespace:
            con.execute(
                "insert into temp.match_value select number, field, value from ("
                f" select number, field, {value_sql(field, 'value')} as value"
                " from temp.listed_value where field = $field) where value is not null",
                {"field": field.name},
            ).fetchall()
    con.execute(
        f"insert into temp.match_value from ({read_sql('identity', 'temp.match_compared')})"
        " where value is not null"
    ).fetchall()
