"""Times without an offset in feeds where others have one: they are taken as UTC, and told."""

from c360.sources.mapping import event_time_sql, is_column, record_id_sql
from c360.sources.quoting import name_sql, text_sql
from c360.step import Context
from c360.warehouse import build_table

OFFSET = r"(z|[+-][0-9]{2}(:?[0-9]{2})?)\s*$"
"""How a text that names its offset from UTC ends, after the time of day."""


def build_unzoned_rows(context: Context) -> None:
    """Write silver.unzoned_row: rows whose event time names no offset, where other rows' do.

    Columns: entity, source, record_id, event_time. Only feeds whose times are text can mix them.
    """
    selects = [
        "select null::varchar as entity, null::varchar as source, null::varchar as record_id,"
        " null::timestamp as event_time where false"
    ]
    for name, source in context.settings.sources.items():
        if source.event_time is None or source.collapse or not is_column(source.event_time):
            continue
        column = name_sql(source.event_time)
        types = context.con.execute(
            f"select typeof({column}) from bronze.{name} limit 1"
        ).fetchall()
        if types != [("VARCHAR",)]:
            continue
        zoned = f"regexp_matches(lower({column}), ':[0-9.]+\\s*{OFFSET}')"
        if not context.con.execute(f"select 1 from bronze.{name} where {zoned} limit 1").fetchall():
            continue
        selects.append(
            f"select {text_sql(source.entity)}, {text_sql(name)}, {record_id_sql(source)},"
            f" {event_time_sql(source)} from bronze.{name}__current where not {zoned}"
        )
    build_table(context.con, "silver.unzoned_row", " union all ".join(selects), {})
