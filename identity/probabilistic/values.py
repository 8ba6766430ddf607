"""What is compared: of each customer, and of each record that a model learns from, its values."""

from c360.config import Settings
from c360.identity.probabilistic.fields import CONTACTS, CompareField
from c360.identity.secret import read_key
from c360.probabilistic import FieldType
from c360.sources.mapping import cast_sql, record_id_sql
from c360.sources.quoting import name_sql
from c360.step import Context, run_model
from c360.warehouse import create_tables, fill_table

MOST_VALUES = 5
"""Values of a field that a customer is compared by: those that most of its records have."""

_MACROS: dict[FieldType, str] = {
    "date_of_birth": "comparable_date",
    "postcode": "comparable_code",
    "exact": "comparable_code",
}


def build_values(context: Context, fields: tuple[CompareField, ...]) -> None:
    """Write temp.record_value, temp.contact_value and temp.compared_now.

    temp.record_value: source, record_id, field, value: the attributes of records, normalised.
    temp.contact_value: keyring, field, value: contact data, which junk and generic values are not.
    temp.compared_now: customer_id, field, value, place. Grain: (customer_id, field, place).
    """
    con = context.con
    set_fields(context, fields)
    create_tables(
        con,
        {"temp.record_value": "source varchar, record_id varchar, field varchar, value varchar"},
    )
    for name, attributes in _described(context.settings, fields).items():
        columns = ", ".join(value_sql(field, expression) for field, expression in attributes)
        con.execute(
            "insert into temp.record_value select $source, record_id, field, value from ("
            f" select {record_id_sql(context.settings.sources[name])} as record_id,"
            f" unnest($fields) as field, unnest([{columns}]) as value"
            f" from bronze.{name_sql(f'{name}__current')}) where value is not null",
            {"source": name, "fields": [field.name for field, _ in attributes]},
        ).fetchall()
    for table in ("contact_value", "compared_now"):
        run_model("identity", f"temp.{table}", context, {"most_values": MOST_VALUES})


def build_training_values(context: Context) -> None:
    """Write temp.training_value: owner, field, value, place, where each record is one owner.

    Reads temp.record_value and temp.contact_value. Grain: (owner, field, place).
    """
    run_model("identity", "temp.training_value", context, {"most_values": MOST_VALUES})


def set_fields(context: Context, fields: tuple[CompareField, ...]) -> None:
    """Write temp.compared_field, and set the variable that the macros of contact data read."""
    fill_table(
        context.con,
        "temp.compared_field",
        {"field": "varchar", "is_plain": "boolean", "is_namespace": "boolean"},
        [
            (
                field.name,
                is_plain(context.settings, field),
                field.is_namespace,
            )
            for field in fields
        ],
    )
    is_keyed = not all(is_plain(context.settings, field) for field in fields)
    key = read_key(context.settings, context.workspace) if is_keyed else b""
    context.con.execute("set variable contact_salt = $salt", {"salt": key.hex()}).fetchall()


def is_plain(settings: Settings, field: CompareField) -> bool:
    """Say whether a field is compared as it is, and not by keyed digests."""
    is_hashed = field.is_namespace and settings.identifiers[field.name].hash
    return field.type not in CONTACTS and not is_hashed


def _described(
    settings: Settings, fields: tuple[CompareField, ...]
) -> dict[str, list[tuple[CompareField, str]]]:
    """Return per source the compared attributes that it has, with their expressions."""
    return {
        name: found
        for name, source in settings.sources.items()
        if (
            found := [
                (field, source.attributes[field.name])
                for field in fields
                if not field.is_namespace and field.name in source.attributes
            ]
        )
    }


def value_sql(field: CompareField, expression: str) -> str:
    """Return the SQL of an attribute's value as it is compared; null where there is none."""
    text = cast_sql(expression, "VARCHAR")
    if field.type in CONTACTS:
        return f"comparable_contact('{field.name}', {text})"
    return f"{_MACROS.get(field.type, 'comparable_text')}({text})"
