"""The rows of each source, counted once for all checks: invalid, empty, doubled, rejected."""

from c360.reports.validity import any_sql, empty_sql, invalid_sql, promises_of
from c360.sources.quoting import text_sql
from c360.sources.superseded import create_superseded_tables
from c360.step import Context, build_model, read_sql
from c360.warehouse import create_tables, has_table

ROW_QUALITY = "temp.run_row_quality"
"""One row per source that has rows in silver, for the length of a check."""
_COLUMNS = {
    "source": "varchar",
    "entity": "varchar",
    "rows": "bigint",
    "untimed": "bigint",
    "invalid": "bigint",
    "empty": "bigint",
}


def count_rows_of_sources(context: Context) -> None:
    """Write ROW_QUALITY: rows of each source in silver, and how many of them are wrong.

    `untimed` rows tell no time; `invalid` ones have a cell that cannot be right; `empty` ones, of
    the others, lack one that must be there or the time that the contract names. Grain: (source).
    """
    create_tables(context.con, {ROW_QUALITY: ", ".join(f"{n} {t}" for n, t in _COLUMNS.items())})
    fed = sorted({source.entity for source in context.settings.sources.values()})
    query = "\nunion all\n".join(_counted(entity, context) for entity in fed)
    context.con.execute(f"insert into {ROW_QUALITY} {query}").fetchall()


def _counted(entity: str, context: Context) -> str:
    promises = promises_of(entity, context.settings)
    timed = ", ".join(
        text_sql(name)
        for name, source in context.settings.sources.items()
        if source.entity == entity and source.event_time is not None
    )
    wrong = any_sql([invalid_sql(*each) for each in promises.items()])
    lacking = any_sql([empty_sql(*each) for each in promises.items()])
    untimed = f"event_time is null and source in ({timed})" if timed else "false"
    return (
        f"select source, {text_sql(entity)}, count(*), count(*) filter (where {untimed}),"
        f" count(*) filter (where {wrong}),"
        f" count(*) filter (where ({any_sql([untimed, lacking])}) and ({wrong}) is not true)"
        f" from silver.{entity} group by source"
    )


def keep_data_quality(context: Context) -> None:
    """Add this run to ops.data_quality_metric: how good the rows of each source are.

    Reads ROW_QUALITY, ops.load, ops.step and bronze.superseded_row. The score is 100 times the
    share of valid records among all that were read, rounded down; null where none was.
    """
    con, sources = context.con, context.settings.sources
    create_superseded_tables(con)
    if not has_table(con, "ops.data_quality_metric"):
        create_tables(con, {"ops.data_quality_metric": _HISTORY})
    parameters = {
        "run": context.run,
        "as_of": context.as_of,
        "sources": list(sources),
        "entities": [source.entity for source in sources.values()],
        "unchanging": [
            name
            for name, source in sources.items()
            if source.update != "upsert" and not source.collapse
        ],
    }
    text = read_sql("reports", "ops.data_quality_metric")
    build_model(con, "temp.data_quality_metric", text, parameters)
    con.execute("delete from ops.data_quality_metric where run = $run", {"run": context.run})
    con.execute("insert into ops.data_quality_metric from temp.data_quality_metric").fetchall()


_HISTORY = """
  run integer, source_system varchar, table_name varchar, metric_date date, total_records bigint,
  valid_records bigint, invalid_records bigint, duplicate_records bigint, null_records bigint,
  quality_score decimal(5, 2), processing_time_seconds double
"""
