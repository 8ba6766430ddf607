"""What the two sides of an item have, field by field: attributes of people, masked identifiers."""

from c360.config import Settings
from c360.source import Source
from c360.sources.mapping import cast_sql, record_id_sql
from c360.sources.quoting import name_sql
from c360.step import Context, run_model
from c360.warehouse import create_tables, fill_table

MOST_TOLD = 3
"""Values of a side that are shown; the others are counted."""

GUARD_DIFFERS = 0.25
"""What is left of an agreement where the two differ in what one person has one of
(`one_per_person`): relatives share a surname and a home, but no date of birth."""


def lay_fields(context: Context) -> None:
    """Write temp.field_now and temp.agreement from temp.pair, temp.conflict and temp.bridge_side.

    Also from temp.probable. Reads the rows in force of the sources that have attributes, as far as
    the items are about them.
    """
    for table in ("item_side", "lone_holding", "holding", "told_record"):
        run_model("stewardship", f"temp.{table}", context, {})
    _set_fields(context)
    _read_texts(context)
    parameters: dict[str, object] = {"most_told": MOST_TOLD, "guard_differs": GUARD_DIFFERS}
    for table in ("held_identifier", "told", "holder_field", "field_now", "agreement"):
        run_model("stewardship", f"temp.{table}", context, parameters)


def shown_attributes(settings: Settings, source: Source) -> dict[str, str]:
    """Return the attributes of a source that are no identifiers, which are shown masked."""
    carried = {
        expression
        for each in source.identifiers.values()
        for expression in ((each,) if isinstance(each, str) else each)
    }
    return {
        name: expression
        for name, expression in source.attributes.items()
        if name not in settings.identifiers and expression not in carried
    }


def _set_fields(context: Context) -> None:
    """Write temp.field: the fields in the order of the configuration, attributes first."""
    described = _described(context.settings).values()
    attributes = dict.fromkeys(name for _, shown in described for name in shown)
    namespaces = [name for name, each in context.settings.identifiers.items() if not each.visit]
    guards = context.settings.guards.one_per_person
    named = [
        *((name, True, name in guards) for name in attributes),
        *((name, False, False) for name in namespaces),
    ]
    fill_table(
        context.con,
        "temp.field",
        {"place": "integer", "field": "varchar", "is_attribute": "boolean", "is_guard": "boolean"},
        [(place, *each) for place, each in enumerate(named, start=1)],
    )


def _read_texts(context: Context) -> None:
    """Write temp.bearer_text, attributes as the sources have them, and temp.plain."""
    con = context.con
    places = dict(con.execute("select field, place from temp.field order by place").fetchall())
    create_tables(con, {"temp.bearer_text": "bearer uuid, place integer, text varchar"})
    for name, (source, attributes) in _described(context.settings).items():
        columns = ", ".join(
            f"nullif(trim({cast_sql(expression, 'VARCHAR')}), '')"
            for expression in attributes.values()
        )
        con.execute(
            "insert into temp.bearer_text select distinct bearer, unnest($places), unnest(texts)"
            f" from (select {record_id_sql(source)} as record_id, [{columns}] as texts"
            f" from bronze.{name_sql(f'{name}__current')})"
            " join temp.told_record using (record_id) where source = $source",
            {"places": [places[each] for each in attributes], "source": name},
        ).fetchall()
    run_model("stewardship", "temp.plain", context, {})


def _described(settings: Settings) -> dict[str, tuple[Source, dict[str, str]]]:
    """Return the sources that have attributes which may be shown, with these."""
    shown = {n: (s, shown_attributes(settings, s)) for n, s in settings.sources.items()}
    return {name: each for name, each in shown.items() if each[1]}
